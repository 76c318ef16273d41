//! What answers behind a listener: HTTP, and whatever a request for a WebSocket becomes.

use std::convert::Infallible;
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

#[cfg(unix)]
use crate::listen::SocketFile;
use crate::listen::{Listener, Stream};
use crate::site::Site;
use crate::tls::Tls;
use crate::upgrade;

/// How long a client may take to hang up.
const HANG_UP: Duration = Duration::from_secs(2);

/// What has to be kept as long as the server runs.
#[cfg(unix)]
type Keepsake = Option<SocketFile>;
#[cfg(not(unix))]
type Keepsake = Option<()>;

/// Has the server answer `routes` behind `listener`, and WebSockets at the path `entrance`. On a TCP port with `tls`, if
/// there is any.
pub(crate) fn open(
    server: ServerBuilder,
    listener: Listener,
    site: &Arc<Site>,
    tls: Option<&Arc<Tls>>,
    routes: fn(&mut ServiceConfig),
    entrance: Option<&'static str>,
) -> io::Result<(ServerBuilder, Keepsake)> {
    let site = Arc::clone(site);
    match listener {
        Listener::Tcp(listener) => {
            if let Some(tls) = tls.cloned() {
                let server = server.listen("roomkey", listener, move || {
                    let tls = Arc::clone(&tls);
                    fn_service(move |socket: net::TcpStream| {
                        let tls = Arc::clone(&tls);
                        async move { Ok((tls.accept(socket).await?, None)) }
                    })
                    .and_then(http(Arc::clone(&site), routes, entrance))
                })?;
                return Ok((server, None));
            }
            let server = server.listen("roomkey", listener, move || {
                // Nobody downstream needs the peer's address, so nobody gets it.
                fn_service(|socket: net::TcpStream| ready(Ok((Stream::from(socket), None))))
                    .and_then(http(Arc::clone(&site), routes, entrance))
            })?;
            Ok((server, None))
        }
        #[cfg(unix)]
        Listener::Unix(listener, file) => {
            let server = server.listen_uds("roomkey", listener, move || {
                fn_service(|socket: net::UnixStream| ready(Ok((Stream::from(socket), None))))
                    .and_then(http(Arc::clone(&site), routes, entrance))
            })?;
            Ok((server, Some(file)))
        }
    }
}

fn http(
    site: Arc<Site>,
    routes: fn(&mut ServiceConfig),
    entrance: Option<&'static str>,
) -> impl ServiceFactory<
    (Stream, Option<SocketAddr>),
    Config = (),
    Response = (),
    Error = DispatchError,
    InitError = (),
> {
    let upgraded = Arc::clone(&site);
    let app = App::new().app_data(Data::from(site)).configure(routes);
    HttpService::build()
        .client_disconnect_timeout(HANG_UP)
        .upgrade(fn_service(move |(request, framed)| {
            let site = Arc::clone(&upgraded);
            // Boxed, so that what HTTP keeps for every connection does not become larger.
            Box::pin(async move {
                upgrade::serve(site, entrance, request, framed).await;
                Ok::<_, Infallible>(())
            })
        }))
        .h1(map_config(app, |()| AppConfig::default()))
}
