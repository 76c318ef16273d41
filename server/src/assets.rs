//! The app that was built into the relay, with precompressed siblings where the build made them.

use std::collections::{BTreeMap, HashMap};

use actix_web::http::header::HeaderMap;
use actix_web::http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;

// The generated table `FILES`: URL path without the leading slash, and content.
include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// How long a browser may keep something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caching {
    /// The page that names all the others.
    Never,
    /// May be kept, but has to be asked about every time.
    Revalidate,
    /// Its name changes with its content.
    Forever,
}

impl Caching {
    pub(crate) fn as_header(self) -> &'static str {
        match self {
            Self::Never => "no-store",
            Self::Revalidate => "no-cache",
            Self::Forever => "public, max-age=31536000, immutable",
        }
    }
}

/// One file of the app.
#[derive(Debug)]
pub(crate) struct Asset {
    pub(crate) content_type: &'static str,
    pub(crate) caching: Caching,
    sha256: String,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// One file in the form that a client gets.
#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) content: &'static [u8],
    /// The value of Content-Encoding, or `None` for the file as it is.
    pub(crate) encoding: Option<&'static str>,
    /// A strong entity tag with its quotes.
    pub(crate) tag: String,
    /// Whether compressed forms exist, so that caches must tell them apart.
    pub(crate) varies: bool,
}

/// All files of the app by URL path without the leading slash.
#[derive(Debug)]
pub(crate) struct Assets(HashMap<&'static str, Asset>);

impl Assets {
    /// What the build found.
    pub(crate) fn embedded() -> Self {
        Self::of(FILES)
    }

    fn of(files: &[(&'static str, &'static [u8])]) -> Self {
        let by_name: HashMap<_, _> = files.iter().copied().collect();
        let mut assets = HashMap::new();
        for &(name, content) in files {
            let original = name
                .strip_suffix(".br")
                .or_else(|| name.strip_suffix(".gz"));
            if original.is_some_and(|original| by_name.contains_key(original)) {
                continue;
            }
            assets.insert(
                name,
                Asset {
                    content_type: content_type(name),
                    caching: caching(name),
                    sha256: HEXLOWER.encode(digest(&SHA256, content).as_ref()),
                    plain: content,
                    brotli: by_name.get(format!("{name}.br").as_str()).copied(),
                    gzip: by_name.get(format!("{name}.gz").as_str()).copied(),
                },
            );
        }
        Self(assets)
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Asset> {
        self.0.get(name)
    }

    /// SHA-256 of every file, in hexadecimal, by its path.
    pub(crate) fn hashes(&self) -> BTreeMap<&'static str, &str> {
        let hashes = self.0.iter();
        hashes
            .map(|(name, asset)| (*name, asset.sha256.as_str()))
            .collect()
    }
}

impl Asset {
    /// The form that suits a request best: brotli, else gzip, else as it is.
    pub(crate) fn variant(&self, request: &HeaderMap) -> Variant {
        let accepted = request
            .get(ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok());
        let accepts = |coding| accepted.is_some_and(|accepted| names(accepted, coding));
        let (content, encoding) = match (self.brotli, self.gzip) {
            (Some(brotli), _) if accepts("br") => (brotli, Some("br")),
            (_, Some(gzip)) if accepts("gzip") => (gzip, Some("gzip")),
            _ => (self.plain, None),
        };
        Variant {
            content,
            encoding,
            tag: format!("\"{}{}\"", self.sha256, encoding.unwrap_or_default()),
            varies: self.brotli.is_some() || self.gzip.is_some(),
        }
    }
}

impl Variant {
    /// Whether the client has this very form already (RFC 9110 §13.1.2).
    pub(crate) fn is_known(&self, request: &HeaderMap) -> bool {
        let tags = request.get_all(IF_NONE_MATCH);
        let mut tags = tags
            .filter_map(|value| value.to_str().ok())
            .flat_map(|tags| tags.split(','));
        tags.any(|tag| tag.trim().trim_start_matches("W/") == self.tag)
    }
}

/// Whether Accept-Encoding names a coding and does not rule it out (RFC 9110 §12.5.3).
fn names(accepted: &str, coding: &str) -> bool {
    accepted.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let named = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok());
        named && weight.is_none_or(|weight| weight > 0.0)
    })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("webp") => "image/webp",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn caching(name: &str) -> Caching {
    if name.ends_with(".html") {
        Caching::Never
    } else if has_hash(name) {
        Caching::Forever
    } else {
        Caching::Revalidate
    }
}

/// Whether the build put a hash of the content into the name: at least 12 hexadecimal digits between a hyphen and a dot,
/// an underscore, a slash or the end.
fn has_hash(name: &str) -> bool {
    name.split(['.', '_', '/']).any(|part| {
        part.rsplit_once('-').is_some_and(|(_, hash)| {
            (12..=64).contains(&hash.len())
                && hash
                    .bytes()
                    .all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    const FILES: &[(&str, &[u8])] = &[
        ("app-0123456789abcdef_bg.wasm", b"wasm"),
        ("app-0123456789abcdef_bg.wasm.br", b"br"),
        ("app-0123456789abcdef_bg.wasm.gz", b"gz"),
        ("index.html", b"<!doctype html>"),
        ("lonely.gz", b"an archive"),
        ("worker.js", b"js"),
    ];

    fn chosen(accept: &'static str) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(accept));
        let assets = Assets::of(FILES);
        assets
            .find("app-0123456789abcdef_bg.wasm")
            .unwrap()
            .variant(&headers)
            .encoding
    }

    #[test]
    fn the_best_form_that_a_client_takes_is_chosen() {
        assert_eq!(chosen("gzip, deflate, br, zstd"), Some("br"));
        assert_eq!(chosen("gzip;q=1.0, br;q=0"), Some("gzip"));
        assert_eq!(chosen("identity"), None);
        assert_eq!(chosen("brotli"), None);
    }

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        let assets = Assets::of(FILES);
        let caching = |name| assets.find(name).unwrap().caching;
        assert_eq!(caching("app-0123456789abcdef_bg.wasm"), Caching::Forever);
        assert_eq!(caching("worker.js"), Caching::Revalidate);
        assert_eq!(caching("index.html"), Caching::Never);
        assert!(!has_hash("apple-touch-icon-180.png"));
        assert!(has_hash("snippets/web-0123456789abcdef/inline0.js"));
    }

    #[test]
    fn compressed_siblings_are_no_files_of_their_own() {
        let assets = Assets::of(FILES);
        assert!(assets.find("app-0123456789abcdef_bg.wasm.br").is_none());
        assert!(assets.find("lonely.gz").is_some());
        assert_eq!(assets.hashes().len(), 4);
    }

    #[test]
    fn a_known_tag_is_recognised() {
        let assets = Assets::of(FILES);
        let mut headers = HeaderMap::new();
        let variant = assets.find("worker.js").unwrap().variant(&headers);
        assert!(!variant.is_known(&headers));
        let tags = format!("\"other\", W/{}", variant.tag);
        headers.insert(IF_NONE_MATCH, HeaderValue::from_str(&tags).unwrap());
        assert!(variant.is_known(&headers));
    }
}
