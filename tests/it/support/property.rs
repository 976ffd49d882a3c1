//! Properties: two thousand cases each.

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use std::fmt::Debug;
use std::time::{SystemTime, UNIX_EPOCH};

/// Constant, so that a commit always passes or always fails.
const SEED: u64 = 20_261_201;

/// Asserts what `test` asserts for 2,000 values. `PROPERTY_SEED` is another seed, or `random`.
pub(crate) fn property<S: Strategy>(strategy: S, test: impl Fn(S::Value))
where
    S::Value: Debug,
{
    let seed = match std::env::var("PROPERTY_SEED") {
        Err(_) => SEED,
        Ok(seed) if seed == "random" => {
            SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as u64)
        }
        Ok(seed) => seed.parse().expect("PROPERTY_SEED is a number or `random`"),
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    // A failure becomes a named test, not an entry in a file.
    let config = Config { cases: 2_000, failure_persistence: None, ..Config::default() };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let outcome = runner.run(&strategy, |value| {
        test(value);
        Ok(())
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, value)) => {
            panic!("PROPERTY_SEED={seed}: {reason}\nwith {value:#?}")
        }
        Err(TestError::Abort(reason)) => panic!("PROPERTY_SEED={seed}: {reason}"),
    }
}
