//! Samples of two sides, taken in turns, and what they come to.

use anyhow::Result;

/// Whose figure it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Side {
    Ours,
    Peer,
}

impl Side {
    pub(crate) const BOTH: [Self; 2] = [Self::Ours, Self::Peer];
}

/// One of something for each side.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pair<T> {
    pub(crate) ours: T,
    pub(crate) peer: T,
}

impl<T> Pair<T> {
    /// What `make` returns for each side.
    pub(crate) fn try_new(mut make: impl FnMut(Side) -> Result<T>) -> Result<Self> {
        Ok(Self {
            ours: make(Side::Ours)?,
            peer: make(Side::Peer)?,
        })
    }

    pub(crate) fn get(&self, side: Side) -> &T {
        match side {
            Side::Ours => &self.ours,
            Side::Peer => &self.peer,
        }
    }

    pub(crate) fn get_mut(&mut self, side: Side) -> &mut T {
        match side {
            Side::Ours => &mut self.ours,
            Side::Peer => &mut self.peer,
        }
    }
}

/// The samples of one metric.
pub(crate) type Samples = Pair<Vec<f64>>;

impl Samples {
    pub(crate) fn push(&mut self, side: Side, value: f64) {
        self.get_mut(side).push(value);
    }
}

/// Calls `sample` `runs` times for each side. The two take turns in going first, so that whatever grows or cools down
/// in the meantime falls on both.
pub(crate) fn in_turns(runs: usize, mut sample: impl FnMut(usize, Side) -> Result<()>) -> Result<()> {
    for run in 0..runs {
        let [first, second] = Side::BOTH;
        let order = if run % 2 == 0 {
            [first, second]
        } else {
            [second, first]
        };
        order.into_iter().try_for_each(|side| sample(run, side))?;
    }
    Ok(())
}

/// The middle one, or the mean of the two in the middle.
pub(super) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(sorted.len() / 2 - 1)?;
    Some(f64::midpoint(lower, upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle_whatever_the_order() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[7.0]), Some(7.0));
        assert_eq!(median(&[9.0, 1.0, 1000.0]), Some(9.0));
        assert_eq!(median(&[4.0, 1.0, 3.0, 100.0]), Some(3.5));
    }

    #[test]
    fn both_sides_take_turns_in_going_first() -> Result<()> {
        let mut order = Vec::new();
        in_turns(2, |run, side| {
            order.push((run, side));
            Ok(())
        })?;
        let expected = [(0, Side::Ours), (0, Side::Peer), (1, Side::Peer), (1, Side::Ours)];
        assert_eq!(order, expected);
        Ok(())
    }

    #[test]
    fn an_error_ends_the_sampling() {
        let mut calls = 0;
        let result = in_turns(3, |_, _| {
            calls += 1;
            anyhow::bail!("no")
        });
        assert!(result.is_err());
        assert_eq!(calls, 1);
    }

    #[test]
    fn samples_stay_with_their_side() {
        let mut samples = Samples::default();
        samples.push(Side::Peer, 2.0);
        samples.push(Side::Ours, 1.0);
        assert_eq!((samples.ours, samples.peer), (vec![1.0], vec![2.0]));
    }
}
