//! Everything but the WebSocket: the app, and a few small documents about the relay.

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use crypto::wire::{MAX_ENVELOPE, VERSION};
use data_encoding::HEXLOWER;
use serde_json::json;

use crate::assets::{Asset, Caching};
use crate::site::Site;
use crate::upgrade;

/// Where members come in.
pub(crate) const ENTRANCE: &str = "/ws";

const HTML: &str = "text/html; charset=utf-8";
const JSON: &str = "application/json";
const NEVER: &str = "no-store";

const UNBUILT: &str = include_str!("../pages/unbuilt.html");
const MISSING: &str = include_str!("../pages/missing.html");
const RECOVER: &str = include_str!("../pages/recover.html");
const RECOVER_SCRIPT: &str = include_str!("../pages/recover.js");
const PLAIN_STYLE: &str = include_str!("../pages/plain.css");

/// Adds the routes. A single handler answers every path but one, so nothing keeps a list of paths that were asked for.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config
        .route(ENTRANCE, web::get().to(upgrade::refuse))
        .default_service(web::to(serve));
}

/// What answers on the listener for metrics.
pub(crate) fn metrics_routes(config: &mut web::ServiceConfig) {
    config.default_service(web::to(metrics));
}

async fn metrics(request: HttpRequest, site: web::Data<Site>) -> HttpResponse {
    match (request.method(), request.uri().path()) {
        (&Method::GET, "/metrics") => site.respond(
            StatusCode::OK,
            "text/plain; version=0.0.4; charset=utf-8",
            NEVER,
            site.render_metrics(),
        ),
        _ => site.plain(StatusCode::NOT_FOUND, "The counters are at /metrics.\n"),
    }
}

async fn serve(request: HttpRequest, site: web::Data<Site>) -> HttpResponse {
    if let Some(refused) = site.misdirected(request.headers()) {
        return refused;
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = site.plain(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD.\n");
        let headers = response.headers_mut();
        headers.insert(header::ALLOW, header::HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let path = request.uri().path();
    match path {
        "/" => match site.assets.find("index.html") {
            Some(page) => asset(&request, &site, page),
            None => site.respond(StatusCode::OK, HTML, NEVER, UNBUILT),
        },
        "/health" if site.is_closing() => site.plain(StatusCode::SERVICE_UNAVAILABLE, "closing\n"),
        "/health" => site.plain(StatusCode::OK, "ok\n"),
        "/relay.json" => site.respond(StatusCode::OK, JSON, NEVER, about(&site)),
        "/build.json" => site.respond(StatusCode::OK, JSON, NEVER, build(&site)),
        "/relay/plain.css" => site.respond(
            StatusCode::OK,
            "text/css; charset=utf-8",
            "no-cache",
            PLAIN_STYLE,
        ),
        "/relay/recover.js" => site.respond(
            StatusCode::OK,
            "text/javascript; charset=utf-8",
            "no-cache",
            RECOVER_SCRIPT,
        ),
        _ if is_mangled(path) => site.respond(StatusCode::OK, HTML, NEVER, RECOVER),
        _ => match path
            .strip_prefix('/')
            .and_then(|name| site.assets.find(name))
        {
            Some(found) => asset(&request, &site, found),
            None => site.respond(StatusCode::NOT_FOUND, HTML, NEVER, MISSING),
        },
    }
}

/// Whether a path is a share link whose `#` was encoded on the way, once or twice.
fn is_mangled(path: &str) -> bool {
    ["/%23", "/%2523"]
        .iter()
        .any(|start| path.starts_with(start))
}

fn asset(request: &HttpRequest, site: &Site, asset: &Asset) -> HttpResponse {
    let variant = asset.variant(request.headers());
    let known = asset.caching == Caching::Revalidate && variant.is_known(request.headers());
    let (status, content) = if known {
        (StatusCode::NOT_MODIFIED, &[][..])
    } else {
        (StatusCode::OK, variant.content)
    };
    let caching = asset.caching.as_header();
    let content = bytes::Bytes::from_static(content);
    let mut response = site.respond(status, asset.content_type, caching, content);
    let headers = response.headers_mut();
    if let Some(encoding) = variant.encoding {
        headers.insert(
            header::CONTENT_ENCODING,
            header::HeaderValue::from_static(encoding),
        );
    }
    if variant.varies {
        headers.insert(
            header::VARY,
            header::HeaderValue::from_static("accept-encoding"),
        );
    }
    if asset.caching != Caching::Never
        && let Ok(tag) = header::HeaderValue::from_str(&variant.tag)
    {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// What a client has to know before it connects.
fn about(site: &Site) -> String {
    json!({
        "version": VERSION,
        "salt": HEXLOWER.encode(site.identity.salt()),
        "fingerprint": site.identity.fingerprint(),
        "max_members": site.limits.max_members,
        "limits": { "envelope": MAX_ENVELOPE, "file": site.limits.file_bytes },
    })
    .to_string()
}

/// SHA-256 of every file of the app, for whoever wants to compare them with a build of their own.
fn build(site: &Site) -> String {
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "assets": site.assets.hashes(),
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoded_number_sign_is_recognised() {
        for path in ["/%23/r/blue-otter", "/%23%2Fr%2Fblue-otter", "/%2523/r/x"] {
            assert!(is_mangled(path), "{path}");
        }
        for path in ["/", "/r/blue-otter", "/23", "/x/%23"] {
            assert!(!is_mangled(path), "{path}");
        }
    }
}
