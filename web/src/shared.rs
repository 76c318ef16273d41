//! A cheap, shareable piece of state.

use std::ops::Deref;
use std::rc::Rc;

/// A value behind an `Rc` that is compared by address.
///
/// Contexts and properties compare their old and new value on every render. For a log of ten
/// thousand lines that comparison must not look at the lines, so equality here means "the very
/// same allocation". [`Shared::make_mut`] copies only if somebody else still holds the old value.
#[derive(Debug, Default)]
pub struct Shared<T>(Rc<T>);

impl<T> Shared<T> {
    /// Puts `value` behind a pointer.
    pub fn new(value: T) -> Self {
        Self(Rc::new(value))
    }

    /// The value, writable. Clones it first when it is also held elsewhere.
    pub fn make_mut(&mut self) -> &mut T
    where
        T: Clone,
    {
        Rc::make_mut(&mut self.0)
    }
}

impl<T> From<Rc<T>> for Shared<T> {
    fn from(value: Rc<T>) -> Self {
        Self(value)
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Eq for Shared<T> {}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
