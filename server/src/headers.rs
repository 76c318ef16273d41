//! The headers that every answer carries.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self'; connect-src 'self'; worker-src 'self'; img-src 'self' blob: data:; \
     media-src blob:; \
     font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types roomkey-worker \
     roomkey-service";

/// Everything off but what sharing a link needs, writing to the clipboard and the system's share sheet, and the microphone
/// for notes that are spoken: the browser asks the person, and nothing but this app's own page may ask.
const PERMISSIONS_POLICY: &str = "accelerometer=(), autoplay=(), \
     browsing-topics=(), camera=(), clipboard-read=(), clipboard-write=(self), \
     display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), \
     hid=(), identity-credentials-get=(), idle-detection=(), interest-cohort=(), keyboard-map=(), \
     local-fonts=(), magnetometer=(), microphone=(self), midi=(), otp-credentials=(), payment=(), \
     picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), \
     speaker-selection=(), storage-access=(), usb=(), window-management=(), \
     xr-spatial-tracking=()";

const ALWAYS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        HeaderName::from_static("permissions-policy"),
        PERMISSIONS_POLICY,
    ),
];

/// How browsers see the relay.
#[derive(Debug)]
pub(crate) struct Seen {
    /// Through TLS that they trust, so that they may insist on it from now on.
    pub(crate) https: bool,
    /// Where Tor Browser finds it without leaving Tor.
    pub(crate) onion: Option<HeaderValue>,
}

/// Adds them.
pub(crate) fn harden(headers: &mut HeaderMap, seen: &Seen) {
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(onion) = &seen.onion {
        headers.insert(HeaderName::from_static("onion-location"), onion.clone());
    }
    if seen.https {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
}
