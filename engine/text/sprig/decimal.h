// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/function.h"

#include <cstdint>
#include <memory>
#include <utility>

namespace tiphys::text::sprig {

/// An exact decimal number: an integer times a power of ten.
/// Source: shopspring/decimal decimal.go@v1.4.0
class Decimal
{
public:
    /// The shortest decimal that reads back as \p value. Errors: infinities and not-a-number.
    static TemplateExpected<Decimal> ofFloat(double value);

    TemplateExpected<Decimal> plus(const Decimal &other) const;
    TemplateExpected<Decimal> minus(const Decimal &other) const;
    TemplateExpected<Decimal> times(const Decimal &other) const;
    /// To 16 digits after the point, halves away from zero. Errors: division by 0.
    TemplateExpected<Decimal> dividedBy(const Decimal &other) const;
    /// The nearest float64.
    double toFloat() const;

    struct Integer;

private:
    Decimal(std::shared_ptr<const Integer> value, std::int64_t exponent)
        : m_value(std::move(value)), m_exponent(exponent)
    {
    }
    enum class Sign { Plus, Minus };
    TemplateExpected<Decimal> sum(const Decimal &other, Sign sign) const;

    std::shared_ptr<const Integer> m_value;
    std::int64_t m_exponent;
};

} // namespace tiphys::text::sprig
