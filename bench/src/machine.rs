//! What the machine allows and what it tells about a process: cores, file descriptors, processor time, memory, system
//! calls. All of it is Linux's; elsewhere the figures are left out.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Result;
use tokio::process::Command;

/// Cores that a thread may be held to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cores {
    /// For the measured server.
    pub server: Option<usize>,
    /// For the load.
    pub load: Option<usize>,
}

impl Cores {
    /// Two different cores, where there are two.
    pub fn choose() -> Self {
        match allowed().as_slice() {
            [first, second, ..] => Self {
                server: Some(*first),
                load: Some(*second),
            },
            _ => Self::default(),
        }
    }
}

#[cfg(target_os = "linux")]
fn allowed() -> Vec<usize> {
    let Ok(set) = rustix::thread::sched_getaffinity(None) else {
        return Vec::new();
    };
    (0..rustix::thread::CpuSet::MAX_CPU)
        .filter(|core| set.is_set(*core))
        .collect()
}

#[cfg(not(target_os = "linux"))]
fn allowed() -> Vec<usize> {
    Vec::new()
}

/// Holds the calling thread, and whatever it starts from now on, to one core. `false` where that is not possible.
#[cfg(target_os = "linux")]
pub fn hold_to(core: Option<usize>) -> bool {
    let Some(core) = core else { return false };
    let mut set = rustix::thread::CpuSet::new();
    set.set(core);
    rustix::thread::sched_setaffinity(None, &set).is_ok()
}

/// Holds the calling thread, and whatever it starts from now on, to one core. `false` where that is not possible.
#[cfg(not(target_os = "linux"))]
pub fn hold_to(_: Option<usize>) -> bool {
    false
}

/// Raises the limit of open files as far as it goes and returns it.
#[cfg(target_os = "linux")]
pub fn open_files() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    // What the system does not grant stays as it was.
    setrlimit(Resource::Nofile, raised).ok();
    let now = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    usize::try_from(now).unwrap_or(usize::MAX)
}

/// Raises the limit of open files as far as it goes and returns it.
#[cfg(not(target_os = "linux"))]
pub fn open_files() -> usize {
    256
}

/// Processor time of the calling thread.
#[cfg(target_os = "linux")]
pub fn processor_time() -> Option<Duration> {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let seconds = u64::try_from(now.tv_sec).ok()?;
    Some(Duration::new(seconds, u32::try_from(now.tv_nsec).ok()?))
}

/// Processor time of the calling thread.
#[cfg(not(target_os = "linux"))]
pub fn processor_time() -> Option<Duration> {
    None
}

/// A process that is looked at from outside.
#[derive(Clone, Debug)]
pub struct Process {
    pid: u32,
}

impl Process {
    /// The process with this id.
    pub fn new(pid: u32) -> Self {
        Self { pid }
    }

    fn folder(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}", self.pid))
    }

    /// Processor time used so far by all its threads, user and system together.
    pub fn cpu(&self) -> Option<Duration> {
        let mut nanoseconds = 0u64;
        for task in std::fs::read_dir(self.folder().join("task")).ok()? {
            // The first number is the time on a core, to the nanosecond; a thread that has just ended has none.
            let Ok(text) = std::fs::read_to_string(task.ok()?.path().join("schedstat")) else {
                continue;
            };
            nanoseconds += text.split_whitespace().next()?.parse::<u64>().ok()?;
        }
        (nanoseconds > 0).then(|| Duration::from_nanos(nanoseconds))
    }

    /// Memory that it holds, in bytes.
    pub fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(self.folder().join("status")).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib * 1024)
    }

    /// The most memory that it has ever held, in bytes.
    pub fn peak(&self) -> Option<u64> {
        let status = std::fs::read_to_string(self.folder().join("status")).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib * 1024)
    }

    /// Counts its system calls for as long as the counter lives, where `perf` may.
    pub fn count_calls(&self) -> Result<Counter> {
        let child = Command::new("perf")
            .args(["stat", "-x", ",", "-e", "raw_syscalls:sys_enter", "-p"])
            .arg(self.pid.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        Ok(Counter(child))
    }
}

/// A running count of system calls.
#[derive(Debug)]
pub struct Counter(tokio::process::Child);

impl Counter {
    /// Ends the count.
    pub async fn finish(self) -> Option<u64> {
        let pid = self.0.id()?.to_string();
        // perf prints its figures when it is interrupted.
        let told = Command::new("kill").args(["-INT", &pid]).status().await;
        if !told.is_ok_and(|status| status.success()) {
            return None;
        }
        let output = self.0.wait_with_output().await.ok()?;
        let text = String::from_utf8_lossy(&output.stderr);
        let line = text.lines().find(|line| line.contains("sys_enter"))?;
        line.split(',').next()?.parse().ok()
    }
}

/// What is measured on, in a few words.
pub fn description() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    // Not what this thread may use: it is held to one.
    let cores = text
        .lines()
        .filter(|line| line.starts_with("processor"))
        .count();
    let model = text
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown processor", |rest| {
            rest.trim_start_matches([' ', '\t', ':'])
        });
    format!("{cores} cores, {model}, loopback")
}
