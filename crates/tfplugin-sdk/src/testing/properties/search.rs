//! Drawing cases, and making small what fails.

use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

use proptest::strategy::{BoxedStrategy, Strategy as _, ValueTree};
use proptest::test_runner::{Config, RngSeed, TestRunner};

use super::Properties;
use super::case::{Case, Source};
use super::counterexample::{Counterexample, written};
use super::life::{Fault, Life, Outcome};
use crate::schema::{Block, validate};
use crate::testing::{Error, Result};

/// How many configurations a case may draw until one is accepted.
const DRAWS: u32 = 1_000;

/// How many values an attribute may draw, in a whole case, until each is one that its validators accept.
const LOCAL_DRAWS: u32 = 10_000;

/// How often a failing case is tried to be made smaller.
const TRIES: u32 = 2_000;

/// How long a failing case is made smaller, if the environment does not say.
const PATIENCE: Duration = Duration::from_mins(1);

/// Seeds are short enough to be typed.
const SEEDS: u64 = 1_000_000_000;

/// A search for a case that fails.
pub(super) struct Search<'a> {
    pub(super) properties: &'a Properties,
    pub(super) block: &'a Block,
}

impl Search<'_> {
    pub(super) async fn run(&self) -> Result<()> {
        let options = &self.properties.options;
        let strategy = Source {
            block: self.block,
            own: &options.own,
            known: &options.known,
        }
        .cases();
        for seed in &options.seeds {
            self.one(&strategy, *seed).await?;
        }
        let first = first_seed();
        for number in 0..cases(options.cases) {
            self.one(&strategy, first.wrapping_add(number.into())).await?;
        }
        Ok(())
    }

    /// The case that `seed` makes.
    async fn one(&self, strategy: &BoxedStrategy<Result<Case>>, seed: u64) -> Result<()> {
        let mut runner = TestRunner::new(Config {
            rng_seed: RngSeed::Fixed(seed),
            failure_persistence: None,
            max_local_rejects: LOCAL_DRAWS,
            ..Config::default()
        });
        let mut refusal = None;
        for _ in 0..DRAWS {
            let tree = strategy.new_tree(&mut runner);
            let mut tree =
                tree.map_err(|reason| self.nothing_accepted(&format!("{}\n{runner}", reason.message())))?;
            match self.attempt(&tree.current()?).await? {
                Outcome::Passed => return Ok(()),
                Outcome::Refused(error) => refusal = Some(error),
                Outcome::Failed(fault) => return Err(self.smallest(&mut tree, fault, seed).await),
            }
        }
        let refusal = refusal.map(|error| error.to_string()).unwrap_or_default();
        Err(self.nothing_accepted(&format!(
            "{DRAWS} in a row were refused, the last one thus:\n{refusal}"
        )))
    }

    async fn attempt(&self, case: &Case) -> Result<Outcome> {
        // The wire does not tell what the schema refuses, and to ask the provider takes longer.
        for config in [&case.first.config, &case.second.config] {
            let diagnostics = validate(self.block, config);
            if diagnostics.has_error() {
                let call = "the schema".to_owned();
                return Ok(Outcome::Refused(Error::Diagnostics {
                    call,
                    diagnostics,
                    left: None,
                }));
            }
        }
        let client = self.properties.client().await?;
        let Properties {
            type_name, options, ..
        } = self.properties;
        Ok(Life::new(&client, type_name, self.block, options)
            .lead(case)
            .await)
    }

    /// The smallest case that was found that fails in the same way.
    async fn smallest(
        &self,
        tree: &mut dyn ValueTree<Value = Result<Case>>,
        mut fault: Fault,
        seed: u64,
    ) -> Error {
        let mut smallest = tree.current();
        // What goes wrong in a change may do so in a creation as well, which is simpler, and which no step leads to.
        let straight = match &smallest {
            Ok(case) if fault.changed => case.straight(),
            _ => None,
        };
        let mut form: fn(Case) -> Case = |case| case;
        if let Some(case) = straight
            && let Ok(Outcome::Failed(other)) = self.attempt(&case).await
            && other.is_as_simple_as(&fault)
        {
            (fault, smallest) = (other, Ok(case));
            form = |case| case.straight().unwrap_or(case);
        }
        let patience = match Config::default().max_shrink_time {
            0 => PATIENCE,
            milliseconds => Duration::from_millis(milliseconds.into()),
        };
        let (started, mut tries) = (Instant::now(), 0);
        let mut smaller = tree.simplify();
        while smaller && tries < TRIES && started.elapsed() < patience {
            tries += 1;
            let case = tree.current().map(form);
            let outcome = match &case {
                Ok(case) => self.attempt(case).await,
                Err(error) => Err(error.clone()),
            };
            smaller = match outcome {
                Ok(Outcome::Failed(other)) if other.is_as_simple_as(&fault) => {
                    (fault, smallest) = (other, case);
                    tree.simplify()
                }
                _ => tree.complicate(),
            };
        }
        match smallest {
            Ok(case) => self.counterexample(&case, fault, seed, tries),
            Err(error) => error,
        }
    }

    fn counterexample(&self, case: &Case, fault: Fault, seed: u64, tries: u32) -> Error {
        let second = Some(&case.second).filter(|_| fault.changed);
        Error::Counterexample(Box::new(Counterexample {
            type_name: self.properties.type_name.clone(),
            stage: fault.stage,
            error: fault.error,
            config: written(&case.first.config),
            unknown: case.first.unknown.clone(),
            changed_to: second.map(|second| written(&second.config)),
            unknown_then: second.map(|second| second.unknown.clone()).unwrap_or_default(),
            seed,
            tries,
        }))
    }

    fn nothing_accepted(&self, why: &str) -> Error {
        Error::test(format!(
            "{}: no random configuration is accepted, so that nothing is tested: {why}\nSay what attributes with a form of \
             their own look like, by `.attribute(\"NAME\", strategy)`, or fix some of them by `.fixed(…)`",
            self.properties.type_name
        ))
    }
}

/// The number of cases: what the environment says, or else the test.
fn cases(otherwise: u32) -> u32 {
    let said = std::env::var("PROPTEST_CASES").ok();
    said.and_then(|cases| cases.parse().ok()).unwrap_or(otherwise)
}

fn first_seed() -> u64 {
    match Config::default().rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => RandomState::new().hash_one(()) % SEEDS,
    }
}
