//! Random cases that can be repeated and made smaller: a case is made of choices, and choices are numbers in a row.
//!
//! The same numbers make the same case. With fewer or smaller ones it is a simpler case, so a case that fails is made
//! small without knowing what it is.

/// How often a case is tried again while it is made smaller.
const TRIES: usize = 3_000;

/// The choices of one case.
#[derive(Debug)]
pub(crate) struct Choices<'a> {
    numbers: &'a [u32],
}

impl<'a> Choices<'a> {
    pub(crate) fn new(numbers: &'a [u32]) -> Self {
        Self { numbers }
    }

    /// One of `0..count`. When all numbers are used up, the first, which has to be the simplest.
    pub(crate) fn below(&mut self, count: u32) -> u32 {
        let Some((number, rest)) = self.numbers.split_first() else {
            return 0;
        };
        self.numbers = rest;
        // The upper half of the product: a smaller number makes a smaller choice.
        u32::try_from((u64::from(*number) * u64::from(count)) >> 32).unwrap_or_default()
    }

    /// True once in `count` times.
    pub(crate) fn once_in(&mut self, count: u32) -> bool {
        self.below(count) + 1 == count
    }

    /// One of them, the first being the simplest.
    pub(crate) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(u32::try_from(all.len()).unwrap_or(u32::MAX)) as usize]
    }

    /// Any number of 64 bits.
    pub(crate) fn bits(&mut self) -> u64 {
        let mut half = || u64::from(self.below(u32::MAX));
        half() << 32 | half()
    }
}

/// The numbers of the case that `seed` makes (`SplitMix64`).
pub(crate) fn numbers(seed: u64) -> Vec<u32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or_default()
    };
    (0..200).map(|_| next()).collect()
}

/// Fewer and smaller numbers of which `fails` still says that they fail.
pub(crate) fn smallest(mut numbers: Vec<u32>, fails: impl Fn(&[u32]) -> bool) -> Vec<u32> {
    let mut tries = 0;
    let mut attempt = |numbers: &mut Vec<u32>, candidate: Vec<u32>| {
        tries += 1;
        let better = tries < TRIES && candidate != *numbers && fails(&candidate);
        if better {
            *numbers = candidate;
        }
        better
    };
    loop {
        let mut progress = false;
        for length in [64, 16, 4, 2, 1] {
            let mut start = 0;
            while start < numbers.len() {
                let mut shorter = numbers.clone();
                shorter.drain(start..numbers.len().min(start + length));
                if attempt(&mut numbers, shorter) {
                    progress = true;
                } else {
                    start += length;
                }
            }
        }
        for index in 0..numbers.len() {
            for smaller in [0, numbers[index] / 16, numbers[index] / 2] {
                let mut candidate = numbers.clone();
                candidate[index] = smaller;
                progress |= attempt(&mut numbers, candidate);
            }
        }
        if !progress {
            return numbers;
        }
    }
}

#[test]
fn a_failing_case_becomes_small() {
    let fails = |numbers: &[u32]| {
        let mut choices = Choices::new(numbers);
        (0..50)
            .map(|_| choices.below(100))
            .filter(|choice| *choice > 60)
            .count()
            >= 2
    };
    let small = smallest(numbers(1), fails);
    assert!(small.len() == 2 && fails(&small), "{small:?}");
}
