// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/decimal.h"

#include "object/number_text.h"

#include <openssl/bn.h>
#include <openssl/crypto.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>

namespace tiphys::text::sprig {

namespace {

/// Digits that a number may have before it is refused.
constexpr int kDigitLimit = 50'000;
constexpr int kDivisionDigits = 16;

struct BignumDeleter
{
    void operator()(BIGNUM *number) const { BN_free(number); }
};
struct ContextDeleter
{
    void operator()(BN_CTX *context) const { BN_CTX_free(context); }
};
using Bignum = std::unique_ptr<BIGNUM, BignumDeleter>;
using Context = std::unique_ptr<BN_CTX, ContextDeleter>;

Bignum newNumber()
{
    return Bignum(BN_new());
}

Bignum powerOfTen(std::int64_t exponent, BN_CTX *context)
{
    Bignum ten = newNumber(), power = newNumber(), result = newNumber();
    BN_set_word(ten.get(), 10);
    BN_set_word(power.get(), static_cast<BN_ULONG>(exponent));
    BN_exp(result.get(), ten.get(), power.get(), context);
    return result;
}

std::unexpected<TemplateError> tooLong()
{
    return std::unexpected(TemplateError(ErrorCode::LimitExceeded, "decimal number has too many digits"));
}

} // namespace

struct Decimal::Integer
{
    Bignum number;
};

TemplateExpected<Decimal> Decimal::ofFloat(double value)
{
    if (!std::isfinite(value)) {
        const std::string_view name = std::isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        return templateError("Cannot create a Decimal from " + std::string(name));
    }
    std::string text;
    object::detail::appendShortest(text, value);
    const std::size_t mark = text.find('e');
    std::int64_t exponent = 0;
    if (mark != std::string::npos) {
        const std::size_t sign = text[mark + 1] == '-' || text[mark + 1] == '+' ? 1 : 0;
        for (const char c : std::string_view(text).substr(mark + 1 + sign))
            exponent = exponent * 10 + (c - '0');
        if (text[mark + 1] == '-')
            exponent = -exponent;
        text.resize(mark);
    }
    if (const std::size_t point = text.find('.'); point != std::string::npos) {
        exponent -= static_cast<std::int64_t>(text.size() - point - 1);
        text.erase(point, 1);
    }
    BIGNUM *number = nullptr;
    BN_dec2bn(&number, text.c_str());
    return Decimal(std::make_shared<const Integer>(Bignum(number)), exponent);
}

TemplateExpected<Decimal> Decimal::sum(const Decimal &other, Sign sign) const
{
    const std::int64_t exponent = std::min(m_exponent, other.m_exponent);
    if (std::max(m_exponent, other.m_exponent) - exponent > kDigitLimit)
        return tooLong();
    const Context context(BN_CTX_new());
    Bignum left = newNumber(), right = newNumber(), result = newNumber();
    BN_mul(left.get(), m_value->number.get(), powerOfTen(m_exponent - exponent, context.get()).get(), context.get());
    BN_mul(right.get(), other.m_value->number.get(), powerOfTen(other.m_exponent - exponent, context.get()).get(),
           context.get());
    if (sign == Sign::Plus)
        BN_add(result.get(), left.get(), right.get());
    else
        BN_sub(result.get(), left.get(), right.get());
    return Decimal(std::make_shared<const Integer>(std::move(result)), exponent);
}

TemplateExpected<Decimal> Decimal::plus(const Decimal &other) const
{
    return sum(other, Sign::Plus);
}

TemplateExpected<Decimal> Decimal::minus(const Decimal &other) const
{
    return sum(other, Sign::Minus);
}

TemplateExpected<Decimal> Decimal::times(const Decimal &other) const
{
    if ((BN_num_bits(m_value->number.get()) + BN_num_bits(other.m_value->number.get())) / 3 > kDigitLimit)
        return tooLong();
    const std::int64_t exponent = m_exponent + other.m_exponent;
    if (exponent > std::numeric_limits<std::int32_t>::max() || exponent < std::numeric_limits<std::int32_t>::min())
        return templateError("exponent " + std::to_string(exponent) + " overflows an int32!");
    const Context context(BN_CTX_new());
    Bignum result = newNumber();
    BN_mul(result.get(), m_value->number.get(), other.m_value->number.get(), context.get());
    return Decimal(std::make_shared<const Integer>(std::move(result)), exponent);
}

TemplateExpected<Decimal> Decimal::dividedBy(const Decimal &other) const
{
    if (BN_is_zero(other.m_value->number.get()))
        return templateError("decimal division by 0");
    const std::int64_t shift = m_exponent - other.m_exponent + kDivisionDigits;
    if (shift > kDigitLimit || shift < -kDigitLimit)
        return tooLong();
    const Context context(BN_CTX_new());
    Bignum numerator(BN_dup(m_value->number.get())), denominator(BN_dup(other.m_value->number.get()));
    BIGNUM *const grown = shift < 0 ? denominator.get() : numerator.get();
    BN_mul(grown, grown, powerOfTen(shift < 0 ? -shift : shift, context.get()).get(), context.get());
    Bignum quotient = newNumber(), rest = newNumber();
    BN_div(quotient.get(), rest.get(), numerator.get(), denominator.get(), context.get());
    BN_lshift1(rest.get(), rest.get());
    if (BN_ucmp(rest.get(), denominator.get()) >= 0) {
        const bool isNegative = BN_is_negative(numerator.get()) != BN_is_negative(denominator.get());
        if (isNegative && !BN_is_zero(numerator.get()))
            BN_sub_word(quotient.get(), 1);
        else
            BN_add_word(quotient.get(), 1);
    }
    return Decimal(std::make_shared<const Integer>(std::move(quotient)), -kDivisionDigits);
}

double Decimal::toFloat() const
{
    if (BN_is_zero(m_value->number.get()))
        return 0;
    char *const digits = BN_bn2dec(m_value->number.get());
    std::string text(digits);
    OPENSSL_free(digits);
    const bool isNegative = text.starts_with('-');
    text += "e" + std::to_string(m_exponent);
    const std::optional<double> value = object::detail::doubleOf(text);
    if (value)
        return *value;
    const double infinity = std::numeric_limits<double>::infinity();
    return isNegative ? -infinity : infinity;
}

} // namespace tiphys::text::sprig
