//! How many tests passed, read from what the runners print.

/// Adds up cargo's and wasm-bindgen's `test result: ok. 3 passed; …` and nextest's `Summary [ 0.2s] … 3 passed`.
pub(super) fn passed(output: &str) -> u64 {
    output
        .lines()
        .filter(|line| {
            let line = line.trim_start();
            line.starts_with("test result: ok") || line.starts_with("Summary [")
        })
        .filter_map(number_before_passed)
        .sum()
}

fn number_before_passed(line: &str) -> Option<u64> {
    let (before, _) = line.split_once(" passed")?;
    before.rsplit([' ', '.']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_runner_is_counted_once() {
        let cargo = "running 3 tests\ntest a ... ok\n\ntest result: ok. 3 passed; 0 failed; 0 ignored\n\
                     test result: ok. 4 passed; 0 failed; 0 ignored; finished in 0.01s\n";
        assert_eq!(passed(cargo), 7);
        let nextest = "        PASS [   0.003s] (1/2) xtask a_test_that_passed\n------------\n\
                       \u{20}    Summary [   0.006s] 29 tests run: 29 passed (1 slow), 3 skipped\n";
        assert_eq!(passed(nextest), 29);
        assert_eq!(passed("error: no test passed"), 0);
    }
}
