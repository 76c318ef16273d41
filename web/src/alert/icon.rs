//! The tab's icon, with a dot while something is unread.

use crate::browser;

/// The plain icon with a dot: drawn, not fetched.
const MARKED: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cpath fill='%23128a6d' fill-rule='evenodd' d='M13.3 2.6a6 6 0 0 1 5.4 0l8 4.2a4 4 0 0 1 2.1 3.5v11.4a4 4 0 0 1-2.1 3.5l-8 4.2a6 6 0 0 1-5.4 0l-8-4.2a4 4 0 0 1-2.1-3.5V10.3a4 4 0 0 1 2.1-3.5zM16 9a4.5 4.5 0 0 0-2.2 8.4L12.5 23h7l-1.3-5.6A4.5 4.5 0 0 0 16 9z'/%3E%3Ccircle cx='24.5' cy='7.5' r='7' fill='%23e0685a' stroke='%23fff' stroke-width='2'/%3E%3C/svg%3E";
const PLAIN: &str = "/favicon.svg";

/// Puts the dot on, or takes it off.
pub(super) fn mark(is_marked: bool) {
    let icon = browser::document()
        .query_selector("link[rel~=icon]")
        .ok()
        .flatten();
    if let Some(icon) = icon {
        let _ = icon.set_attribute("href", if is_marked { MARKED } else { PLAIN });
    }
}
