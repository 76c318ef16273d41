//! Which characters a reader cannot see, or which change what the neighbours look like.

/// Why a character may not be shown as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hazard {
    /// Turned into a line break or a space, no loss for the reader.
    Space,
    /// Cannot be seen and often comes along in pasted text (soft hyphen, byte order mark, direction marks): dropped
    /// without a word.
    Quiet,
    /// Cannot be seen or turns the text around: never shown.
    Invisible,
    /// A joiner, selector or tag: shown only where a script or an emoji needs it.
    Joiner,
    /// No agreed meaning: private use.
    Private,
}

/// The hazard of a character, `None` for nearly all of them.
///
/// The ranges are general category Cf and the property Default_Ignorable_Code_Point of Unicode 17 without the
/// prepended signs and hieroglyph controls, which do show. A test compares them with the Unicode tables.
pub(crate) fn hazard(c: char) -> Option<Hazard> {
    Some(match c {
        ' '..='~' => return None,
        '\t' | '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
            Hazard::Space
        }
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' => Hazard::Invisible,
        '\u{AD}' | '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{FEFF}' => Hazard::Quiet,
        '\u{200C}' | '\u{200D}' | '\u{FE0E}' | '\u{FE0F}' => Hazard::Joiner,
        '\u{E0020}'..='\u{E007F}' | '\u{E0100}'..='\u{E01EF}' => Hazard::Joiner,
        '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' => {
            Hazard::Invisible
        }
        '\u{200B}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' => {
            Hazard::Invisible
        }
        '\u{FE00}'..='\u{FE0D}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' => Hazard::Invisible,
        '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}' => {
            Hazard::Invisible
        }
        '\u{FDD0}'..='\u{FDEF}' => Hazard::Invisible,
        _ if u32::from(c) & 0xFFFE == 0xFFFE => Hazard::Invisible,
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}' => Hazard::Private,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::is_mark;
    use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

    /// Format characters that leave ink: signs before numbers and the scaffolding of hieroglyphs.
    fn shows(c: char) -> bool {
        matches!(
            c,
            '\u{600}'..='\u{605}' | '\u{6DD}' | '\u{70F}' | '\u{890}' | '\u{891}' | '\u{8E2}'
        ) || matches!(c, '\u{110BD}' | '\u{110CD}' | '\u{13430}'..='\u{1345F}')
    }

    #[test]
    fn every_control_format_separator_and_private_character_is_a_hazard() {
        for c in '\0'..=char::MAX {
            let category = c.general_category();
            let expected = match category {
                GeneralCategory::Control
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator => true,
                GeneralCategory::PrivateUse => true,
                GeneralCategory::Format => !shows(c),
                _ => continue,
            };
            assert_eq!(hazard(c).is_some(), expected, "{c:?} {category:?}");
        }
    }

    #[test]
    fn letters_digits_punctuation_and_symbols_are_none() {
        let fillers = ['\u{115F}', '\u{1160}', '\u{3164}', '\u{FFA0}'];
        for c in '\0'..=char::MAX {
            if (c.is_alphanumeric() && !fillers.contains(&c)) || c.is_ascii_punctuation() {
                assert!(hazard(c).is_none() || is_mark(c), "{c:?}");
            }
        }
    }

    #[test]
    fn noncharacters_are_hazards() {
        for plane in 0..=0x10_u32 {
            for last in [0xFFFE, 0xFFFF] {
                let c = char::from_u32(plane << 16 | last).unwrap();
                assert_eq!(hazard(c), Some(Hazard::Invisible), "{c:?}");
            }
        }
    }
}
