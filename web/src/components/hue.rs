//! Colours that come from data.

/// The class that carries a hue of 0 to 359 degrees: a `style` attribute would need a weaker
/// content security policy, so there is one class for every fifteen degrees.
pub fn hue_class(hue: u16) -> String {
    format!("hue-{}", (hue % 360 + 7) / 15 % 24)
}

#[cfg(test)]
mod tests {
    use super::hue_class;

    #[test]
    fn hues_round_to_the_nearest_of_24_classes() {
        assert_eq!(hue_class(0), "hue-0");
        assert_eq!(hue_class(15), "hue-1");
        assert_eq!(hue_class(359), "hue-0");
        assert_eq!(hue_class(352), "hue-23");
        assert_eq!(hue_class(u16::MAX), hue_class(u16::MAX % 360));
    }
}
