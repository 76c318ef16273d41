//! Links: made, read, and read when something happened to them on the way.
//!
//! ```text
//! https://host/#/r/<slug>                    the room
//! https://host/#/r/<slug>/<fingerprint>      the room, and the relay's key to insist on
//! https://host/#/s/…                         the same, of a room that takes a second secret as well
//! https://host/#/s/…/2-<mark>                and what tells a wrong one
//! ```
//!
//! Everything after `#` stays in the browser. Some programs turn `#` into `%23`; the browser then
//! asks the relay for a path that holds the name, which is why such a link is told apart.

use crypto::mark::SecretMark;
use crypto::name::RoomName;
use crypto::tunnel::Fingerprint;

/// Begins the part that tells a wrong second secret.
const MARKED: &str = "2-";

/// A link to a room, taken apart. Holds the name, so it never goes into the state.
#[derive(Clone)]
pub struct RoomLink {
    /// The room.
    pub name: RoomName,
    /// The relay's key, if the link insists on one.
    pub fingerprint: Option<Fingerprint>,
    /// The name alone does not make the room's key: there is a second secret, which no link holds.
    pub second: bool,
    /// What tells a wrong second secret, if the link says it.
    pub mark: Option<SecretMark>,
}

/// Where an address leads.
#[derive(Clone)]
pub enum Target {
    /// Nowhere in particular: the first screen.
    Front,
    /// To a room.
    Room(RoomLink),
    /// To a room, but `#` was rewritten: whoever answered has seen the name. `None` if the name
    /// did not survive.
    Rewritten(Option<RoomLink>),
    /// To a room whose name is missing or cut.
    Incomplete,
    /// To something this version does not know.
    Newer,
}

/// A link in the room name field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pasted {
    /// The host and port it names; empty if only the part from `#` on was pasted.
    pub host: String,
    /// Whether it can be followed.
    pub shape: PastedShape,
}

/// What state a pasted link is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PastedShape {
    /// It leads to a room.
    Whole,
    /// It leads to a room and was rewritten on the way.
    Rewritten,
    /// Its room name is missing or cut.
    Incomplete,
    /// It is of a kind that this version does not know.
    Newer,
}

/// Reads the page's own address: `path` as in `location.pathname`, `hash` as in `location.hash`.
pub fn read(path: &str, hash: &str) -> Target {
    let lower = path.to_ascii_lowercase();
    if let Some(at) = lower.find("%23") {
        let rest = path.get(at + 3..).unwrap_or_default();
        return match fragment(rest) {
            Target::Room(link) => Target::Rewritten(Some(link)),
            _ => Target::Rewritten(None),
        };
    }
    match hash.strip_prefix('#') {
        None | Some("") => Target::Front,
        Some(rest) => fragment(rest),
    }
}

/// Whether `typed` is a link and not a room name, and in which state it is.
pub fn pasted(typed: &str) -> Option<Pasted> {
    let (host, target) = follow(typed)?;
    let shape = match target {
        Target::Room(_) => PastedShape::Whole,
        Target::Rewritten(Some(_)) => PastedShape::Rewritten,
        Target::Newer => PastedShape::Newer,
        Target::Front | Target::Incomplete | Target::Rewritten(None) => PastedShape::Incomplete,
    };
    Some(Pasted { host, shape })
}

/// Takes a pasted link apart: host (empty for a bare fragment) and target. `None` if it is no link.
pub fn follow(typed: &str) -> Option<(String, Target)> {
    let text = typed.trim().trim_start_matches('<').trim_end_matches('>');
    if text.starts_with("#/") {
        return Some((String::new(), read("/", text)));
    }
    let lower = text.to_ascii_lowercase();
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| lower.starts_with(scheme));
    let rest = match scheme {
        Some(scheme) => &text[scheme.len()..],
        // Address bars and messengers drop the scheme; a room link still gives itself away.
        None if ["/#/r/", "/%23/r/", "/#/s/", "/%23/s/"]
            .iter()
            .any(|mark| lower.contains(mark)) =>
        {
            text
        }
        None => return None,
    };
    let end = rest.find(['/', '#', '?']).unwrap_or(rest.len());
    let (host, rest) = rest.split_at(end);
    let (path, hash) = rest.split_at(rest.find('#').unwrap_or(rest.len()));
    Some((host.to_ascii_lowercase(), read(path, hash)))
}

impl RoomLink {
    /// The link. `base` is the page's address up to and without `#`.
    pub fn address(&self, base: &str) -> String {
        let slug = self.name.slug();
        let kind = if self.second { 's' } else { 'r' };
        let mut link = format!("{base}#/{kind}/{slug}");
        if let Some(fingerprint) = &self.fingerprint {
            link += &format!("/{fingerprint}");
        }
        if let Some(mark) = self.mark.filter(|_| self.second) {
            link += &format!("/{MARKED}{mark}");
        }
        link
    }
}

/// The link to a room that takes no second secret.
pub fn make(base: &str, name: &RoomName, fingerprint: Option<&Fingerprint>) -> String {
    let link = RoomLink {
        name: name.clone(),
        fingerprint: fingerprint.copied(),
        second: false,
        mark: None,
    };
    link.address(base)
}

/// The room that an earlier life of this tab kept.
pub fn saved(slug: &str, fingerprint: Option<&str>, second: bool) -> Option<RoomLink> {
    match room(slug, fingerprint, second, None) {
        Target::Room(link) => Some(link),
        _ => None,
    }
}

fn fragment(rest: &str) -> Target {
    // Mail programs escape the slashes inside a fragment.
    let rest = rest
        .replace("%2F", "/")
        .replace("%2f", "/")
        .replace("%7E", "~")
        .replace("%7e", "~");
    let parts: Vec<&str> = rest.trim_matches('/').split('/').collect();
    match parts[..] {
        ["" | "r" | "s"] | ["" | "r" | "s", ""] => Target::Incomplete,
        [kind @ ("r" | "s"), slug] => room(slug, None, kind == "s", None),
        ["s", slug, last] if last.starts_with(MARKED) => room(slug, None, true, Some(last)),
        [kind @ ("r" | "s"), slug, last] => room(slug, Some(last), kind == "s", None),
        ["s", slug, key, last] if last.starts_with(MARKED) => {
            room(slug, Some(key), true, Some(last))
        }
        _ => Target::Newer,
    }
}

fn room(slug: &str, fingerprint: Option<&str>, second: bool, mark: Option<&str>) -> Target {
    let Ok(name) = RoomName::from_slug(slug) else {
        return Target::Incomplete;
    };
    let mark = mark.map(|mark| mark.trim_start_matches(MARKED).parse());
    // A cut fingerprint must not silently become "any key will do", nor a cut mark "any secret will do".
    let (Ok(fingerprint), Ok(mark)) = (fingerprint.map(str::parse).transpose(), mark.transpose())
    else {
        return Target::Incomplete;
    };
    Target::Room(RoomLink {
        name,
        fingerprint,
        second,
        mark,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "abcdefghijklmnopqrstuvwxyy";

    fn room_of(target: Target) -> Option<(String, Option<String>)> {
        match target {
            Target::Room(link) => Some((
                link.name.as_str().to_owned(),
                link.fingerprint.map(|fingerprint| fingerprint.to_string()),
            )),
            _ => None,
        }
    }

    #[test]
    fn a_plain_link_gives_the_name() {
        let found = room_of(read("/", "#/r/maple-orbit-tulip"));
        assert_eq!(found, Some(("maple-orbit-tulip".to_owned(), None)));
    }

    #[test]
    fn a_link_with_a_key_gives_both() {
        let found = room_of(read("/", &format!("#/r/maple-orbit/{KEY}")));
        assert_eq!(
            found,
            Some(("maple-orbit".to_owned(), Some(KEY.to_owned())))
        );
    }

    #[test]
    fn a_made_link_is_read_back_in_every_script() {
        for typed in ["Blue Otter", "чайник", "部屋 七", "~tilde", "a/b?c#d"] {
            let name = RoomName::parse(typed).unwrap();
            let key: Fingerprint = KEY.parse().unwrap();
            let made = make("https://relay.example/", &name, Some(&key));
            assert!(made.is_ascii(), "{made}");
            let (host, target) = follow(&made).unwrap();
            assert_eq!(host, "relay.example");
            assert_eq!(room_of(target).unwrap().0, name.as_str());
        }
    }

    #[test]
    fn a_link_says_that_there_is_a_second_secret_and_not_which() {
        let name = RoomName::parse("maple-orbit").unwrap();
        let link = RoomLink {
            name,
            fingerprint: None,
            second: true,
            mark: None,
        };
        let made = link.address("https://relay.example/");
        assert_eq!(made, "https://relay.example/#/s/maple-orbit");
        for typed in [made.as_str(), "relay.example/#/s/maple-orbit"] {
            let (_, target) = follow(typed).unwrap();
            assert!(matches!(
                target,
                Target::Room(RoomLink { second: true, .. })
            ));
        }
        let plain = read("/", "#/r/maple-orbit");
        assert!(matches!(
            plain,
            Target::Room(RoomLink { second: false, .. })
        ));
        assert!(matches!(read("/", "#/s/"), Target::Incomplete));
    }

    #[test]
    fn a_link_tells_a_wrong_second_secret_from_the_right_one() {
        let keys = |byte| crypto::room::RoomKeys::from_bytes(&[byte; 64]);
        for fingerprint in [None, Some(KEY.parse().unwrap())] {
            let link = RoomLink {
                name: RoomName::parse("maple").unwrap(),
                fingerprint,
                second: true,
                mark: Some(SecretMark::of(&keys(1))),
            };
            let made = link.address("https://relay.example/");
            let (_, Target::Room(read)) = follow(&made).unwrap() else {
                panic!("{made}");
            };
            assert_eq!(read.fingerprint, fingerprint);
            let mark = read.mark.unwrap();
            assert!(read.second && mark.fits(&keys(1)) && !mark.fits(&keys(2)));
        }
        for cut in [
            "#/s/maple/2-",
            "#/s/maple/2-a",
            "#/s/maple/2-abc",
            "#/s/maple/2",
            "#/r/maple/2-ab",
        ] {
            assert!(matches!(read("/", cut), Target::Incomplete), "{cut}");
        }
    }

    #[test]
    fn a_cut_key_makes_the_link_incomplete_and_never_unpinned() {
        let cut = format!("#/r/maple-orbit/{}", &KEY[..20]);
        assert!(matches!(read("/", &cut), Target::Incomplete));
    }

    #[test]
    fn a_link_without_its_name_is_incomplete() {
        for hash in ["#/r/", "#/r", "#/", "#/r//"] {
            assert!(matches!(read("/", hash), Target::Incomplete), "{hash}");
        }
    }

    #[test]
    fn no_fragment_is_the_first_screen() {
        assert!(matches!(read("/", ""), Target::Front));
        assert!(matches!(read("/", "#"), Target::Front));
    }

    #[test]
    fn an_unknown_first_segment_is_newer() {
        assert!(matches!(read("/", "#/x/abc"), Target::Newer));
        assert!(matches!(
            read("/", &format!("#/r/a/{KEY}/more")),
            Target::Newer
        ));
    }

    #[test]
    fn a_percent_encoded_hash_in_the_path_means_the_name_was_sent() {
        for path in ["/%23/r/maple-orbit", "/%23%2Fr%2Fmaple-orbit"] {
            match read(path, "") {
                Target::Rewritten(Some(link)) => assert_eq!(link.name.as_str(), "maple-orbit"),
                _ => panic!("{path} was not seen as rewritten"),
            }
        }
        assert!(matches!(read("/%23/r/", ""), Target::Rewritten(None)));
    }

    #[test]
    fn escaped_slashes_inside_the_fragment_are_harmless() {
        assert!(room_of(read("/", "#%2Fr%2Fmaple-orbit")).is_some());
    }

    #[test]
    fn a_pasted_link_is_told_from_a_name() {
        assert_eq!(pasted("maple orbit"), None);
        assert_eq!(pasted("http-is-fun"), None);
        let whole = Pasted {
            host: "a.example:8080".to_owned(),
            shape: PastedShape::Whole,
        };
        assert_eq!(
            pasted(" <http://A.example:8080/#/r/maple-orbit> "),
            Some(whole.clone())
        );
        assert_eq!(pasted("a.example:8080/#/r/maple-orbit"), Some(whole));
        let shape = |typed| pasted(typed).map(|pasted| pasted.shape);
        assert_eq!(
            shape("https://a.example/%23/r/maple-orbit"),
            Some(PastedShape::Rewritten)
        );
        assert_eq!(
            shape("https://a.example/#/r/"),
            Some(PastedShape::Incomplete)
        );
        assert_eq!(shape("https://a.example/"), Some(PastedShape::Incomplete));
        assert_eq!(shape("https://a.example/#/zz/1"), Some(PastedShape::Newer));
        assert_eq!(shape("#/r/maple-orbit"), Some(PastedShape::Whole));
    }
}
