//! Values for everything below a point of the page, without handing them down.

use std::any::{Any, TypeId};
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use upstream::prelude::*;

/// One provider: its value, and who draws again when that changes.
struct Channel {
    kind: TypeId,
    value: RefCell<Rc<dyn Any>>,
    readers: RefCell<Vec<(usize, UseForceUpdateHandle)>>,
    next: Cell<usize>,
    above: Option<Link>,
}

/// The nearest provider. The same for as long as that provider is on the page.
#[derive(Clone)]
struct Link(Rc<Channel>);

impl PartialEq for Link {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Link {
    fn find(self, kind: TypeId) -> Option<Self> {
        let mut at = Some(self);
        while let Some(link) = at {
            if link.0.kind == kind {
                return Some(link);
            }
            at = link.0.above.clone();
        }
        None
    }

    fn publish(&self, value: Rc<dyn Any>) {
        self.0.value.replace(value);
        let readers = self.0.readers.borrow().clone();
        for (_, reader) in readers {
            reader.force_update();
        }
    }

    fn subscribe(self, reader: UseForceUpdateHandle) -> Subscription {
        let ticket = self.0.next.get();
        self.0.next.set(ticket + 1);
        self.0.readers.borrow_mut().push((ticket, reader));
        Subscription { link: self, ticket }
    }
}

/// A reader's place among the readers; given up when dropped.
struct Subscription {
    link: Link,
    ticket: usize,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut readers = self.link.0.readers.borrow_mut();
        readers.retain(|(ticket, _)| *ticket != self.ticket);
    }
}

/// What [`ContextProvider`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct ContextProviderProps<T: Clone + PartialEq> {
    /// The value.
    pub context: T,
    /// Everything that may read it.
    pub children: Html,
}

impl<T: Clone + PartialEq> fmt::Debug for ContextProviderProps<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContextProviderProps<_>")
    }
}

/// Provides a value to everything inside. Readers draw again only when the value has changed.
#[component]
pub fn ContextProvider<T>(props: &ContextProviderProps<T>) -> Html
where
    T: Clone + PartialEq + 'static,
{
    let context = &props.context;
    let is_same = |value: &dyn Any| value.downcast_ref::<T>() == Some(context);
    let link = use_link(TypeId::of::<T>(), &is_same, &|| Rc::new(context.clone()));
    provide(link, props.children.clone())
}

fn provide(link: Link, children: Html) -> Html {
    let props = upstream::props!(upstream::context::ContextProviderProps::<Link> {
        context: link,
        children,
    });
    let provider: upstream::virtual_dom::VChild<upstream::ContextProvider<Link>> =
        upstream::virtual_dom::VChild::new(props, None);
    provider.into()
}

/// This provider's channel, with the newest value in it.
#[hook]
fn use_link(
    kind: TypeId,
    is_same: &dyn Fn(&dyn Any) -> bool,
    value: &dyn Fn() -> Rc<dyn Any>,
) -> Link {
    let above = upstream::functional::use_context::<Link>();
    let link = use_mut_ref(|| {
        Link(Rc::new(Channel {
            kind,
            value: RefCell::new(value()),
            readers: RefCell::default(),
            next: Cell::new(0),
            above,
        }))
    });
    let link = link.borrow().clone();
    let known = Rc::clone(&link.0.value.borrow());
    if !is_same(&*known) {
        link.publish(value());
    }
    link
}

/// The value of the nearest provider of a `T` above, kept up to date.
#[hook]
pub fn use_context<T>() -> Option<T>
where
    T: Clone + PartialEq + 'static,
{
    let value = use_value(TypeId::of::<T>())?;
    value.downcast_ref::<T>().cloned()
}

#[hook]
fn use_value(kind: TypeId) -> Option<Rc<dyn Any>> {
    let nearest = upstream::functional::use_context::<Link>();
    let reader = use_force_update();
    let place = use_mut_ref(|| {
        let link = nearest?.find(kind)?;
        Some(link.subscribe(reader))
    });
    let place = place.borrow();
    let value = place.as_ref()?.link.0.value.borrow();
    Some(Rc::clone(&value))
}
