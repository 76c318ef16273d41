//! What answers behind a listener: HTTP over a line of our own.

use std::future::ready;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_http::HttpService;
use actix_http::error::DispatchError;
use actix_server::ServerBuilder;
use actix_service::{ServiceFactory, ServiceFactoryExt as _, fn_service, map_config};
use actix_web::App;
use actix_web::dev::AppConfig;
use actix_web::rt::net;
use actix_web::web::{Data, ServiceConfig};

use crate::line::Line;
use crate::listen::Listener;
#[cfg(unix)]
use crate::listen::SocketFile;
use crate::site::Site;

/// How long a client may take to hang up.
const HANG_UP: Duration = Duration::from_secs(2);

/// What has to be kept as long as the server runs.
#[cfg(unix)]
type Keepsake = Option<SocketFile>;
#[cfg(not(unix))]
type Keepsake = Option<()>;

/// Has the server answer `routes` behind `listener`.
pub(crate) fn open(
    server: ServerBuilder,
    listener: Listener,
    site: &Arc<Site>,
    routes: fn(&mut ServiceConfig),
) -> io::Result<(ServerBuilder, Keepsake)> {
    let site = Arc::clone(site);
    match listener {
        Listener::Tcp(listener) => {
            let server = server.listen("roomkey", listener, move || {
                let clock = site.clock.clone();
                // Nobody downstream needs the peer's address, so nobody gets it.
                fn_service(move |socket: net::TcpStream| {
                    ready(Ok((Line::new(socket, clock.clone()), None)))
                })
                .and_then(http(Arc::clone(&site), routes))
            })?;
            Ok((server, None))
        }
        #[cfg(unix)]
        Listener::Unix(listener, file) => {
            let server = server.listen_uds("roomkey", listener, move || {
                let clock = site.clock.clone();
                fn_service(move |socket: net::UnixStream| {
                    ready(Ok((Line::new(socket, clock.clone()), None)))
                })
                .and_then(http(Arc::clone(&site), routes))
            })?;
            Ok((server, Some(file)))
        }
    }
}

fn http(
    site: Arc<Site>,
    routes: fn(&mut ServiceConfig),
) -> impl ServiceFactory<
    (Line, Option<SocketAddr>),
    Config = (),
    Response = (),
    Error = DispatchError,
    InitError = (),
> {
    let app = App::new().app_data(Data::from(site)).configure(routes);
    HttpService::build()
        .client_disconnect_timeout(HANG_UP)
        .on_connect_ext(|line: &Line, data| {
            data.insert(line.control());
        })
        .h1(map_config(app, |()| AppConfig::default()))
}
