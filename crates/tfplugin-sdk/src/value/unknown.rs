//! Values that are not known yet, and the promises that are made about them.

use super::{Number, Type};

/// An unknown value. What is known about it survives a round trip, because a promise made in a plan binds the apply.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Unknown(Option<Box<Refinements>>);

/// What is known about an unknown value. Everything unset says nothing.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Refinements {
    /// `Some(true)` if the value will be null, `Some(false)` if it will not be.
    pub null: Option<bool>,
    /// How a string will begin.
    pub string_prefix: Option<String>,
    /// The smallest that a number can be.
    pub number_lower: Option<Bound>,
    /// The largest that a number can be.
    pub number_upper: Option<Bound>,
    /// The fewest elements that a collection can have.
    pub length_lower: Option<i64>,
    /// The most elements that a collection can have.
    pub length_upper: Option<i64>,
}

/// One end of a range of numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// Where the range ends.
    pub number: Number,
    /// Whether the end itself is in the range.
    pub inclusive: bool,
}

impl Refinements {
    /// What says something about a value of type `ty`. Terraform refuses what it does not expect of a type.
    pub(super) fn that_fit(&self, ty: &Type) -> Self {
        let text = *ty == Type::String;
        let number = *ty == Type::Number;
        let collection = matches!(ty, Type::List(_) | Type::Set(_) | Type::Map(_));
        Self {
            null: self.null.filter(|_| *ty != Type::Dynamic),
            string_prefix: self
                .string_prefix
                .clone()
                .filter(|prefix| text && !prefix.is_empty()),
            number_lower: self.number_lower.clone().filter(|_| number),
            number_upper: self.number_upper.clone().filter(|_| number),
            length_lower: self.length_lower.filter(|length| collection && *length > 0),
            length_upper: self.length_upper.filter(|_| collection),
        }
    }

    /// Why no value keeps all of these, if none does. Terraform crashes over them.
    pub(super) fn contradiction(&self) -> Option<String> {
        if let (Some(lower), Some(upper)) = (&self.number_lower, &self.number_upper)
            && (lower.number > upper.number
                || (lower.number == upper.number && !(lower.inclusive && upper.inclusive)))
        {
            let (lower, upper) = (&lower.number, &upper.number);
            return Some(format!("no number is above {lower} and below {upper}"));
        }
        let upper = self.length_upper?;
        let lower = self.length_lower.unwrap_or_default();
        (upper < lower).then(|| format!("no collection has at least {lower} elements and at most {upper}"))
    }
}

impl Unknown {
    /// An unknown value of which nothing is known.
    pub const ANY: Self = Self(None);

    /// An unknown value with promises; without any, the same as [`Unknown::ANY`].
    #[must_use]
    pub fn refined(refinements: Refinements) -> Self {
        if refinements == Refinements::default() {
            Self::ANY
        } else {
            Self(Some(Box::new(refinements)))
        }
    }

    /// What is known about the value.
    #[must_use]
    pub fn refinements(&self) -> Option<&Refinements> {
        self.0.as_deref()
    }
}
