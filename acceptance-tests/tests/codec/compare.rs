//! Asking go-cty about many cases, and making the first small that differs.

use std::num::NonZero;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Result, anyhow, bail};
use xtask::progress::Activity;

use crate::choices::{numbers as numbers_of, smallest};
use crate::peer::{Answer, Peer, Question};

/// How many cases go-cty is asked about at once.
const BATCH: u64 = 100;

/// Something that go-cty and we must agree on, made of choices.
pub(crate) trait Case: Sized {
    fn generate(numbers: &[u32]) -> Self;

    /// What go-cty is asked.
    fn questions(&self) -> Result<Vec<Question>>;

    /// The difference that the answers show, if there is one.
    fn difference(&self, answers: &[Answer]) -> Option<String>;

    /// The case, for people.
    fn show(&self) -> String;
}

/// Compares `count` cases, and fails with the first that is found to differ, made small.
pub(crate) fn compare<C: Case>(name: &str, count: u64) -> Result<()> {
    let seed = std::env::var("MLOPS_CODEC_SEED").ok();
    if let Some(seed) = seed.and_then(|seed| seed.parse().ok()) {
        return report::<C>(&mut Peer::start()?, seed);
    }
    let progress = Mutex::new(Activity::start(format!("codec: {count} {name}")));
    let next = AtomicU64::new(0);
    let work = || {
        let outcome = compare_batches::<C>(&next, count, &progress);
        if outcome.is_err() {
            // The others need not go on.
            next.store(count, Ordering::Relaxed);
        }
        outcome
    };
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().map_err(|_| anyhow!("a thread panicked"))?)
    })
}

fn compare_batches<C: Case>(next: &AtomicU64, count: u64, progress: &Mutex<Activity>) -> Result<()> {
    let mut peer = Peer::start()?;
    loop {
        let first = next.fetch_add(BATCH, Ordering::Relaxed);
        if first >= count {
            return Ok(());
        }
        let seeds: Vec<u64> = (first..count.min(first + BATCH)).collect();
        if let Some(seed) = first_difference::<C>(&mut peer, &seeds)? {
            report::<C>(&mut peer, seed)?;
            bail!("the case of seed {seed} differs beside others, and not alone");
        }
        let mut progress = progress.lock().unwrap_or_else(PoisonError::into_inner);
        progress.note(&format!("{first} done"));
    }
}

/// The seed of the first case that differs.
fn first_difference<C: Case>(peer: &mut Peer, seeds: &[u64]) -> Result<Option<u64>> {
    let cases: Vec<C> = seeds.iter().map(|seed| C::generate(&numbers_of(*seed))).collect();
    let mut questions = Vec::new();
    let mut counts = Vec::new();
    for (case, seed) in cases.iter().zip(seeds) {
        // What cannot even be asked is a difference too.
        let Ok(asked) = case.questions() else {
            return Ok(Some(*seed));
        };
        counts.push(asked.len());
        questions.extend(asked);
    }
    let answers = peer.ask(&questions)?;
    let mut rest = answers.as_slice();
    for ((case, seed), count) in cases.iter().zip(seeds).zip(counts) {
        let (own, others) = rest.split_at(count);
        rest = others;
        if case.difference(own).is_some() {
            return Ok(Some(*seed));
        }
    }
    Ok(None)
}

/// An error with the case of this seed made small, if it differs.
fn report<C: Case>(peer: &mut Peer, seed: u64) -> Result<()> {
    let peer = std::cell::RefCell::new(peer);
    let difference = |numbers: &[u32]| {
        let case = C::generate(numbers);
        let answers = case
            .questions()
            .and_then(|questions| peer.borrow_mut().ask(&questions));
        match answers {
            Ok(answers) => case.difference(&answers),
            Err(error) => Some(format!("{error:#}")),
        }
    };
    let numbers = numbers_of(seed);
    if difference(&numbers).is_none() {
        return Ok(());
    }
    let small = smallest(numbers, |numbers| difference(numbers).is_some());
    let difference = difference(&small).unwrap_or_default();
    bail!(
        "seed {seed}, made small: {}\n{difference}",
        C::generate(&small).show()
    );
}
