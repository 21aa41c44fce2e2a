//! Two hundred resources that differ in nothing but their names.
//!
//! In Go they are one type with the name in a field. Here a name belongs to a type, so that there are two hundred of them
//! around one: whatever that costs is in the figures.

use std::collections::BTreeMap;

use tfplugin_sdk::model::{Attributes, Members, Model, ModelError};
use tfplugin_sdk::schema::Block;
use tfplugin_sdk::value::Value;
use tfplugin_sdk::{Context, Diagnostics, Failure, Offer, Resource};

use crate::Domain;
use crate::item::Item;

/// The item of that number.
#[derive(Clone)]
struct Named<const NUMBER: u8>(Item);

impl<const NUMBER: u8> Named<NUMBER> {
    const LETTERS: [u8; 8] = {
        let [mut letters, mut rest] = [*b"item_000", [NUMBER; 8]];
        let mut place = letters.len();
        while rest[0] > 0 {
            place -= 1;
            letters[place] = b'0' + rest[0] % 10;
            rest[0] /= 10;
        }
        letters
    };
}

impl<const NUMBER: u8> Members for Named<NUMBER> {
    fn block() -> Block {
        Item::block()
    }

    fn from_attributes(attributes: Attributes) -> Result<Self, ModelError> {
        Item::from_attributes(attributes).map(Self)
    }

    fn into_attributes(self) -> BTreeMap<String, Value> {
        self.0.into_attributes()
    }
}

impl<const NUMBER: u8> Model for Named<NUMBER> {
    const NAME: &'static str = match str::from_utf8(&Self::LETTERS) {
        Ok(name) => name,
        Err(_) => "item",
    };
    const VERSION: i64 = 0;
}

impl<const NUMBER: u8> Resource for Named<NUMBER> {
    type Client = Domain;

    async fn create(context: &mut Context<Domain>, planned: Self, _: Self) -> Result<Self, Failure<Self>> {
        Ok(Self(planned.0.finished(context.client())))
    }

    async fn read(_: &mut Context<Domain>, state: Self) -> Result<Option<Self>, Diagnostics> {
        Ok(Some(state))
    }

    async fn update(
        context: &mut Context<Domain>,
        _: Self,
        planned: Self,
        _: Self,
    ) -> Result<Self, Failure<Self>> {
        Ok(Self(planned.0.finished(context.client())))
    }

    async fn delete(_: &mut Context<Domain>, _: Self) -> Result<(), Failure<Self>> {
        Ok(())
    }
}

macro_rules! offer_tens {
    ($offer:ident: $($ten:literal)*) => {$(
        offer_numbers!($offer: $ten * 10, 0 1 2 3 4 5 6 7 8 9);
    )*};
}

macro_rules! offer_numbers {
    ($offer:ident: $first:expr, $($number:literal)*) => {$(
        $offer.resource::<Named<{ $first + $number }>>();
    )*};
}

/// Offers all of them.
pub(crate) fn offer(offer: &mut Offer<Domain>) {
    offer_tens!(offer: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19);
}
