"""Vectors: the few steps that numba cannot say, written as LLVM vector instructions.

Comes in: an array and a place in it. Goes out: 64 bytes classified at once as a bit mask, the
places of its set bits, eight bytes as one number, running minima held in registers. LLVM turns
them into whatever the processor has; only the listing of set bits has two forms, for without
AVX-512 VBMI2 the short one is slow.

Nothing is checked here: the caller sees to it that what is read and written lies in the array.
"""

import sys
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.core.registry import cpu_target
from numba.extending import intrinsic

STEP = 64  # bytes classified at once: one register of AVX-512, two of AVX2, four of SSE or NEON

_I1, _I8, _I16, _I32, _I64 = (ir.IntType(bits) for bits in (1, 8, 16, 32, 64))
_BYTES = ir.VectorType(_I8, STEP)


# What code is compiled for, as numba puts it: by default what this processor can do.
_FEATURES = frozenset(cpu_target.target_context.codegen().magic_tuple()[2].split(","))
LITTLE = sys.byteorder == "little"
COMPRESSES = LITTLE and "+avx512vbmi2" in _FEATURES
# Lanes of the minima that stay in registers: factors, addends and minima, 4 registers each, of
# 16 with AVX2 or SSE, 32 with AVX-512.
LANES = 64 if "+avx512f" in _FEATURES else 32 if "+avx2" in _FEATURES else 16


def _intrinsic(function: Any) -> Any:
    return intrinsic(function)


def _splat(vector: Any, value: int) -> Any:
    return ir.Constant(vector, [ir.Constant(vector.element, value)] * vector.count)


def _place(context: Any, builder: Any, array_type: Any, array: Any, at: Any, item: Any) -> Any:
    """A pointer to `item` at index `at` of an array."""
    data = context.make_array(array_type)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [at]), item.as_pointer())


@_intrinsic
def letter_bits(typing_context, data, at):  # type: ignore[no-untyped-def]
    """uint64: bit i is set where byte `at` + i is an ASCII letter or digit, or not ASCII."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data, at = arguments
        place = _place(context, builder, signature.args[0], data, at, _BYTES)
        block = builder.load(place, align=1)
        lower = builder.or_(block, _splat(_BYTES, 0x20))
        letter = builder.icmp_unsigned(
            "<", builder.sub(lower, _splat(_BYTES, ord("a"))), _splat(_BYTES, 26)
        )
        digit = builder.icmp_unsigned(
            "<", builder.sub(block, _splat(_BYTES, ord("0"))), _splat(_BYTES, 10)
        )
        beyond = builder.icmp_signed("<", block, _splat(_BYTES, 0))
        return builder.bitcast(builder.or_(builder.or_(letter, digit), beyond), _I64)

    return types.uint64(data, types.int64), generate


@_intrinsic
def eight_bytes(typing_context, data, at):  # type: ignore[no-untyped-def]
    """uint64: the bytes from `at` on, the first lowest."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data, at = arguments
        return builder.load(_place(context, builder, signature.args[0], data, at, _I64), align=1)

    return types.uint64(data, types.int64), generate


@_intrinsic
def first_bit(typing_context, bits):  # type: ignore[no-untyped-def]
    """The number of the lowest set bit; `bits` is not 0."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(_I1, 1))

    return types.int64(types.uint64), generate


@_intrinsic
def count_bits(typing_context, bits):  # type: ignore[no-untyped-def]
    """How many bits are set."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


@_intrinsic
def list_bits(typing_context, bits, base, places, at):  # type: ignore[no-untyped-def]
    """Write `base` plus the number of each set bit to int16 `places` from `at` on; 64 are written.

    What stands behind the last place is arbitrary. Only where `COMPRESSES`.
    """
    half = ir.VectorType(_I16, STEP // 2)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bits, base, places, at = arguments
        mask = builder.bitcast(bits, ir.VectorType(_I1, STEP))
        numbers = ir.Constant(_BYTES, [ir.Constant(_I8, number) for number in range(STEP)])
        insert: Any = cgutils.get_or_insert_function
        compress = insert(
            builder.module,
            ir.FunctionType(_BYTES, [_BYTES, mask.type, _BYTES]),
            "llvm.experimental.vector.compress.v64i8",
        )
        listed = builder.call(compress, [numbers, mask, _splat(_BYTES, 0)])
        start = builder.insert_element(
            ir.Constant(half, ir.Undefined), builder.trunc(base, _I16), ir.Constant(_I32, 0)
        )
        order = ir.Constant(ir.VectorType(_I32, STEP // 2), [ir.Constant(_I32, 0)] * (STEP // 2))
        start = builder.shuffle_vector(start, start, order)

        def write(first: int) -> None:
            lanes = [ir.Constant(_I32, first + lane) for lane in range(STEP // 2)]
            part = builder.shuffle_vector(
                listed, listed, ir.Constant(ir.VectorType(_I32, STEP // 2), lanes)
            )
            target = builder.add(at, ir.Constant(_I64, first))
            place = _place(context, builder, signature.args[2], places, target, half)
            builder.store(builder.add(builder.zext(part, half), start), place, align=1)

        write(0)
        write(STEP // 2)
        return context.get_dummy_value()

    return types.void(types.uint64, types.int64, places, types.int64), generate


@_intrinsic
def least_products(typing_context, values, count, factors, addends, least, at):  # type: ignore[no-untyped-def]
    """For the `LANES` lanes from `at` on: the least of value · factor + addend over all values.

    `least` is written; it is the largest number where `count` is 0. uint32 throughout.
    """
    lanes = ir.VectorType(_I32, LANES)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        values, count, factors, addends, least, at = arguments
        kinds = signature.args
        factor, addend = (
            builder.load(_place(context, builder, kind, array, at, lanes), align=4)
            for kind, array in ((kinds[2], factors), (kinds[3], addends))
        )
        before = builder.block
        loop, after = builder.append_basic_block("values"), builder.append_basic_block("after")
        most = _splat(lanes, 0xFFFFFFFF)
        empty = builder.icmp_signed("<=", count, ir.Constant(_I64, 0))
        builder.cbranch(empty, after, loop)
        builder.position_at_end(loop)
        number, minimum = builder.phi(_I64), builder.phi(lanes)
        value = builder.load(_place(context, builder, kinds[0], values, number, _I32), align=4)
        spread = builder.insert_element(
            ir.Constant(lanes, ir.Undefined), value, ir.Constant(_I32, 0)
        )
        order = ir.Constant(lanes, [ir.Constant(_I32, 0)] * LANES)
        spread = builder.shuffle_vector(spread, spread, order)
        product = builder.add(builder.mul(spread, factor), addend)
        smaller = builder.icmp_unsigned("<", product, minimum)
        lower = builder.select(smaller, product, minimum)
        following = builder.add(number, ir.Constant(_I64, 1))
        number.add_incoming(ir.Constant(_I64, 0), before)
        number.add_incoming(following, loop)
        minimum.add_incoming(most, before)
        minimum.add_incoming(lower, loop)
        builder.cbranch(builder.icmp_signed("<", following, count), loop, after)
        builder.position_at_end(after)
        result = builder.phi(lanes)
        result.add_incoming(most, before)
        result.add_incoming(lower, loop)
        builder.store(result, _place(context, builder, kinds[4], least, at, lanes), align=4)
        return context.get_dummy_value()

    return (
        types.void(values, types.int64, factors, addends, least, types.int64),
        generate,
    )
