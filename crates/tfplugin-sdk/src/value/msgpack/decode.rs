//! Reading a value from msgpack.

use std::collections::BTreeMap;

use rmp::Marker;
use rmp::decode::{RmpRead, read_marker};

use super::{REFINED, refinement_key};
use crate::value::error::CodecError;
use crate::value::{Bound, DEPTH_LIMIT, Number, Refinements, Type, Unknown, Value};

/// The most elements for which memory is taken before they are seen.
const CAPACITY_LIMIT: usize = 1024;

type Result<T> = std::result::Result<T, CodecError>;

/// Reads one value of type `ty` that fills `bytes` exactly.
///
/// # Errors
/// When the bytes are no msgpack, or no value of the type.
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Value> {
    let mut reader = Reader { bytes };
    let value = reader.value(ty, DEPTH_LIMIT)?;
    if reader.bytes.is_empty() {
        Ok(value)
    } else {
        Err(CodecError::new(format!(
            "{} bytes follow the value",
            reader.bytes.len()
        )))
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn value(&mut self, ty: &Type, depth: usize) -> Result<Value> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(CodecError::new(format!("nested deeper than {DEPTH_LIMIT}")));
        };
        let marker = self.marker()?;
        match marker {
            Marker::Null => return Ok(Value::Null),
            Marker::FixExt1
            | Marker::FixExt2
            | Marker::FixExt4
            | Marker::FixExt8
            | Marker::FixExt16
            | Marker::Ext8
            | Marker::Ext16
            | Marker::Ext32 => return self.unknown(marker).map(Value::Unknown),
            _ => {}
        }
        match ty {
            Type::Bool => truth(marker).map(Value::Bool),
            Type::Number => self.number(marker).map(Value::Number),
            Type::String => self.string(marker).map(Value::String),
            Type::Dynamic => self.dynamic(marker, depth),
            Type::List(element) | Type::Set(element) => self.sequence(marker, ty, depth, |_| Some(element)),
            Type::Tuple(elements) => {
                let value = self.sequence(marker, ty, depth, |index| elements.get(index))?;
                let found = if let Value::Sequence(found) = &value {
                    found.len()
                } else {
                    0
                };
                if found == elements.len() {
                    Ok(value)
                } else {
                    Err(CodecError::new(format!(
                        "a tuple of {} has {found} elements",
                        elements.len()
                    )))
                }
            }
            Type::Map(element) => self.mapping(marker, ty, depth, |_| Some(element)),
            Type::Object(attributes) => {
                let value = self.mapping(marker, ty, depth, |name| attributes.get(name))?;
                let Value::Mapping(found) = &value else {
                    return Ok(value);
                };
                match attributes.keys().find(|name| !found.contains_key(*name)) {
                    None => Ok(value),
                    Some(name) => Err(CodecError::new(format!("the attribute {name:?} is missing"))),
                }
            }
        }
    }

    fn dynamic(&mut self, marker: Marker, depth: usize) -> Result<Value> {
        if self.length(marker) != Some(2) {
            return Err(mismatch(&Type::Dynamic, marker));
        }
        let marker = self.marker()?;
        let ty = Type::from_json_bytes(self.binary(marker)?)
            .map_err(|error| CodecError::new(error.to_string()))?;
        let value = self.value(&ty, depth)?;
        Ok(Value::dynamic(ty, value))
    }

    fn sequence<'t>(
        &mut self,
        marker: Marker,
        ty: &Type,
        depth: usize,
        element: impl Fn(usize) -> Option<&'t Type>,
    ) -> Result<Value>
    where
        Type: 't,
    {
        let length = self.length(marker).ok_or_else(|| mismatch(ty, marker))?;
        let mut elements = Vec::with_capacity(length.min(CAPACITY_LIMIT));
        for index in 0..length {
            let ty =
                element(index).ok_or_else(|| CodecError::new(format!("{length} elements are too many")))?;
            elements.push(
                self.value(ty, depth)
                    .map_err(|error| error.within(&format!("[{index}]")))?,
            );
        }
        Ok(Value::Sequence(elements))
    }

    fn mapping<'t>(
        &mut self,
        marker: Marker,
        ty: &Type,
        depth: usize,
        element: impl Fn(&str) -> Option<&'t Type>,
    ) -> Result<Value>
    where
        Type: 't,
    {
        let length = match marker {
            Marker::FixMap(length) => usize::from(length),
            Marker::Map16 => usize::from(self.read::<u16>()?),
            Marker::Map32 => self.read_length32()?,
            _ => return Err(mismatch(ty, marker)),
        };
        let mut elements = BTreeMap::new();
        for _ in 0..length {
            let marker = self.marker()?;
            let key = self.string(marker)?;
            let ty =
                element(&key).ok_or_else(|| CodecError::new(format!("unsupported attribute {key:?}")))?;
            let value = self
                .value(ty, depth)
                .map_err(|error| error.within(&format!(".{key}")))?;
            elements.insert(key, value);
        }
        Ok(Value::Mapping(elements))
    }

    fn number(&mut self, marker: Marker) -> Result<Number> {
        let problem = |error: crate::value::NumberError| CodecError::new(error.to_string());
        Ok(match marker {
            Marker::FixPos(integer) => Number::from(i64::from(integer)),
            Marker::FixNeg(integer) => Number::from(i64::from(integer)),
            Marker::U8 => Number::from(i64::from(self.read::<u8>()?)),
            Marker::U16 => Number::from(i64::from(self.read::<u16>()?)),
            Marker::U32 => Number::from(i64::from(self.read::<u32>()?)),
            Marker::U64 => Number::from(self.read::<u64>()?),
            Marker::I8 => Number::from(i64::from(self.read::<i8>()?)),
            Marker::I16 => Number::from(i64::from(self.read::<i16>()?)),
            Marker::I32 => Number::from(i64::from(self.read::<i32>()?)),
            Marker::I64 => Number::from(self.read::<i64>()?),
            Marker::F32 => {
                Number::from_f64(f64::from(f32::from_bits(self.read::<u32>()?))).map_err(problem)?
            }
            Marker::F64 => Number::from_f64(f64::from_bits(self.read::<u64>()?)).map_err(problem)?,
            _ => Number::parse(&self.string(marker).map_err(|_| mismatch(&Type::Number, marker))?)
                .map_err(problem)?,
        })
    }

    fn string(&mut self, marker: Marker) -> Result<String> {
        let length = match marker {
            Marker::FixStr(length) => usize::from(length),
            Marker::Str8 | Marker::Bin8 => usize::from(self.read::<u8>()?),
            Marker::Str16 | Marker::Bin16 => usize::from(self.read::<u16>()?),
            Marker::Str32 | Marker::Bin32 => self.read_length32()?,
            _ => return Err(mismatch(&Type::String, marker)),
        };
        let bytes = self.take(length)?;
        std::str::from_utf8(bytes)
            .map(str::to_owned)
            .map_err(|_| CodecError::new("a string is not UTF-8"))
    }

    fn binary(&mut self, marker: Marker) -> Result<&'a [u8]> {
        let length = match marker {
            Marker::FixStr(length) => usize::from(length),
            Marker::Str8 | Marker::Bin8 => usize::from(self.read::<u8>()?),
            Marker::Str16 | Marker::Bin16 => usize::from(self.read::<u16>()?),
            Marker::Str32 | Marker::Bin32 => self.read_length32()?,
            _ => return Err(CodecError::new("a dynamic value begins with its type as bytes")),
        };
        self.take(length)
    }

    fn length(&mut self, marker: Marker) -> Option<usize> {
        match marker {
            Marker::FixArray(length) => Some(usize::from(length)),
            Marker::Array16 => self.read::<u16>().ok().map(usize::from),
            Marker::Array32 => self.read_length32().ok(),
            _ => None,
        }
    }

    /// An extension is an unknown value. Only one code carries refinements, the payload of all others means nothing.
    fn unknown(&mut self, marker: Marker) -> Result<Unknown> {
        let length = match marker {
            Marker::FixExt1 => 1,
            Marker::FixExt2 => 2,
            Marker::FixExt4 => 4,
            Marker::FixExt8 => 8,
            Marker::FixExt16 => 16,
            Marker::Ext8 => usize::from(self.read::<u8>()?),
            Marker::Ext16 => usize::from(self.read::<u16>()?),
            _ => self.read_length32()?,
        };
        let code = self.read::<i8>()?;
        let bytes = self.take(length)?;
        // A refined value needs two bytes at least; with fewer, cty does not look at the code.
        if code == REFINED && length > 1 {
            Reader { bytes }.refinements().map(Unknown::refined)
        } else {
            Ok(Unknown::ANY)
        }
    }

    fn refinements(&mut self) -> Result<Refinements> {
        let mut refinements = Refinements::default();
        let length = match self.marker()? {
            Marker::FixMap(length) => usize::from(length),
            Marker::Map16 => usize::from(self.read::<u16>()?),
            _ => return Err(CodecError::new("refinements are a map")),
        };
        for _ in 0..length {
            let key = self.integer()?;
            match key {
                refinement_key::NULL => refinements.null = Some(self.truth()?),
                refinement_key::STRING_PREFIX => {
                    let marker = self.marker()?;
                    refinements.string_prefix = Some(self.string(marker)?);
                }
                refinement_key::NUMBER_LOWER => refinements.number_lower = Some(self.bound()?),
                refinement_key::NUMBER_UPPER => refinements.number_upper = Some(self.bound()?),
                refinement_key::LENGTH_LOWER => refinements.length_lower = Some(self.integer()?),
                refinement_key::LENGTH_UPPER => refinements.length_upper = Some(self.integer()?),
                // A newer peer may know more kinds of refinement, and skipping one needs its shape.
                _ => return Ok(refinements),
            }
        }
        Ok(refinements)
    }

    fn bound(&mut self) -> Result<Bound> {
        let marker = self.marker()?;
        if self.length(marker) != Some(2) {
            return Err(CodecError::new("a bound is a number and whether it is inclusive"));
        }
        let marker = self.marker()?;
        let number = self.number(marker)?;
        Ok(Bound {
            number,
            inclusive: self.truth()?,
        })
    }

    fn truth(&mut self) -> Result<bool> {
        truth(self.marker()?)
    }

    fn integer(&mut self) -> Result<i64> {
        let marker = self.marker()?;
        self.number(marker)?
            .as_i64()
            .ok_or_else(|| CodecError::new("an integer is expected"))
    }

    fn marker(&mut self) -> Result<Marker> {
        read_marker(&mut self.bytes).map_err(|_| truncated())
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or_else(truncated)?;
        self.bytes = rest;
        Ok(taken)
    }

    fn read<T: Scalar>(&mut self) -> Result<T> {
        T::read(&mut self.bytes).ok_or_else(truncated)
    }

    fn read_length32(&mut self) -> Result<usize> {
        let length = usize::try_from(self.read::<u32>()?).map_err(|_| truncated())?;
        // Every element takes a byte at least, so a larger length is a lie, and must not reserve memory.
        if length > self.bytes.len() {
            Err(truncated())
        } else {
            Ok(length)
        }
    }
}

fn truth(marker: Marker) -> Result<bool> {
    match marker {
        Marker::True => Ok(true),
        Marker::False => Ok(false),
        other => Err(mismatch(&Type::Bool, other)),
    }
}

fn truncated() -> CodecError {
    CodecError::new("the bytes end too early")
}

fn mismatch(expected: &Type, found: Marker) -> CodecError {
    CodecError::new(format!("{expected} is required, found {found:?}"))
}

/// A big-endian number behind a marker.
trait Scalar: Sized {
    fn read(bytes: &mut &[u8]) -> Option<Self>;
}

macro_rules! scalars {
    ($($ty:ty => $read:ident),*) => {$(
        impl Scalar for $ty {
            fn read(bytes: &mut &[u8]) -> Option<Self> {
                bytes.$read().ok()
            }
        }
    )*};
}

scalars! {
    u8 => read_data_u8, u16 => read_data_u16, u32 => read_data_u32, u64 => read_data_u64,
    i8 => read_data_i8, i16 => read_data_i16, i32 => read_data_i32, i64 => read_data_i64
}
