package main

import (
	"math"
	"math/big"

	"github.com/zclconf/go-cty/cty"
)

// tree is a value as JSON, in a form of our own so that neither codec judges itself. Bools, strings, nulls and sequences
// are what they are in JSON; everything else is an object with one key that says what it is.
func tree(value cty.Value, ty cty.Type) any {
	if ty == cty.DynamicPseudoType && value.Type() != cty.DynamicPseudoType {
		return map[string]any{"dynamic": []any{value.Type(), tree(value, value.Type())}}
	}
	switch {
	case !value.IsKnown():
		return map[string]any{"unknown": promises(value.Range(), ty)}
	case value.IsNull():
		return nil
	case ty == cty.Bool:
		return value.True()
	case ty == cty.String:
		return value.AsString()
	case ty == cty.Number:
		return number(value.AsBigFloat())
	case ty.IsMapType(), ty.IsObjectType():
		members := map[string]any{}
		for key, member := range value.AsValueMap() {
			members[key] = tree(member, memberType(ty, key))
		}
		return map[string]any{"mapping": members}
	default:
		elements := []any{}
		for index, element := range value.AsValueSlice() {
			elements = append(elements, tree(element, elementType(ty, index)))
		}
		return elements
	}
}

func memberType(ty cty.Type, name string) cty.Type {
	if ty.IsObjectType() {
		return ty.AttributeType(name)
	}
	return ty.ElementType()
}

func elementType(ty cty.Type, index int) cty.Type {
	if ty.IsTupleType() {
		return ty.TupleElementType(index)
	}
	return ty.ElementType()
}

// number is a number twice: as the shortest decimal that is read as the same 512 bits, and as exactly those bits.
func number(float *big.Float) any {
	wide := new(big.Float).SetPrec(512).Set(float)
	if wide.Sign() == 0 {
		wide.Abs(wide)
	}
	return map[string]any{"number": []string{wide.Text('e', -1), wide.Text('p', 0)}}
}

// promises is what is known about an unknown value.
func promises(known cty.ValueRange, ty cty.Type) any {
	promised := map[string]any{}
	if ty == cty.DynamicPseudoType {
		return promised
	}
	if known.DefinitelyNotNull() {
		promised["null"] = false
	}
	switch {
	case ty == cty.String:
		if prefix := known.StringPrefix(); prefix != "" {
			promised["prefix"] = prefix
		}
	case ty == cty.Number:
		if bound, inclusive := known.NumberLowerBound(); bound.IsKnown() && bound != cty.NegativeInfinity {
			promised["lower"] = []any{number(bound.AsBigFloat()), inclusive}
		}
		if bound, inclusive := known.NumberUpperBound(); bound.IsKnown() && bound != cty.PositiveInfinity {
			promised["upper"] = []any{number(bound.AsBigFloat()), inclusive}
		}
	case ty.IsCollectionType():
		if length := known.LengthLowerBound(); length != 0 {
			promised["shortest"] = length
		}
		if length := known.LengthUpperBound(); length != math.MaxInt {
			promised["longest"] = length
		}
	}
	return promised
}
