//! `roomkey-relay`: reads the settings, prints where the relay can be reached, and runs it until it is told to stop.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use roomkey_server::config::{LogFormat, Settings};
use roomkey_server::identity::Identity;
use roomkey_server::listen::{Address, Listener};
use roomkey_server::{Config, banner, run};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

fn main() -> ExitCode {
    let settings = match Settings::read(std::env::args_os()) {
        Ok(Ok(settings)) => settings,
        Ok(Err(error)) => return fail(&error.to_string()),
        Err(message) => {
            // Help and version are no failures; clap knows which is which.
            let code = u8::try_from(message.exit_code()).unwrap_or(1);
            message.print().ok();
            return ExitCode::from(code);
        }
    };
    match serve(&settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => fail(&sentence),
    }
}

fn fail(sentence: &str) -> ExitCode {
    writeln!(io::stderr(), "{sentence}").ok();
    ExitCode::FAILURE
}

fn serve(settings: &Settings) -> Result<(), String> {
    let level = settings.log_filter().map_err(|error| error.to_string())?;
    log_to_stderr(level, settings.log_format);

    let directory = settings.directory().map_err(|error| error.to_string())?;
    let address = settings.address();
    // The port first: if another relay has it, no key is made for nothing.
    let listener = listen(&address)?;
    let metrics = settings.metrics_listen.as_ref().map(listen).transpose()?;
    let listening = listener
        .address()
        .map_err(|error| format!("Cannot listen: {error}."))?;
    let identity = Identity::load_or_create(&directory).map_err(|error| error.to_string())?;

    let tls = settings
        .tls(&directory)
        .map_err(|error| error.to_string())?;

    let public_url = settings.public_url.as_deref();
    let banner = banner::render(&listening, public_url, tls.as_ref(), identity.fingerprint());
    // A closed standard output is no reason not to serve.
    io::stdout().write_all(banner.as_bytes()).ok();
    io::stdout().flush().ok();

    let config = Config {
        limits: settings.limits(),
        public_url: settings.public_url.clone(),
        onion_url: settings.onion_url.clone(),
        tls: tls.map(Arc::new),
        metrics,
        workers: settings.workers,
        ..Config::new(Arc::new(identity))
    };
    actix_web::rt::System::new()
        .block_on(run(listener, config, told_to_stop()))
        .map_err(|error| format!("The relay stopped: {error}."))
}

fn listen(address: &Address) -> Result<Listener, String> {
    Listener::bind(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => format!("Another program is already listening on {address}."),
        _ => format!("Cannot listen on {address}: {error}."),
    })
}

/// Only the relay's own events are logged: what libraries say may hold addresses and paths.
fn log_to_stderr(level: LevelFilter, format: Option<LogFormat>) {
    let own = Targets::new().with_target("roomkey_server", level);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_target(false);
    let lines = match format.unwrap_or(LogFormat::Text) {
        LogFormat::Text => lines.with_ansi(io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    tracing_subscriber::registry()
        .with(lines.with_filter(own))
        .init();
}

async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    tokio::signal::ctrl_c().await.ok();
}
