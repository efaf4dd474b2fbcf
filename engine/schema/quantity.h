// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tiphys::schema {

/// An amount of a resource ("500m", "1.5Gi", "2e3") with the text forms of Kubernetes.
/// Source: k8s.io/apimachinery/pkg/api/resource@v0.36.3
class Quantity
{
public:
    /// The amount \p text means; nothing if it is not a quantity.
    static std::optional<Quantity> parsed(std::string_view text);

    /// The form Kubernetes writes: as given where that is already short, else canonical ("1000m" gives "1").
    std::string text() const { return m_given.empty() ? canonical() : m_given; }
    /// The amount rounded away from zero to a multiple of 10^\p scale.
    Quantity roundedUp(int scale) const;
    bool isZero() const { return m_digits == "0"; }
    bool isNegative() const { return m_isNegative && !isZero(); }
    /// True without a fraction.
    bool isWhole() const;
    /// Below 0 if this is less than \p other, above 0 if it is more, 0 if both are the same amount.
    int compare(const Quantity &other) const;
    /// Approximate value, for sorting and sums that are only shown.
    double approximate() const;

private:
    enum class Form { Decimal, Binary, Exponent };

    std::string canonical() const;
    std::string canonicalDecimal(Form form) const;
    std::string canonicalBinary() const;

    bool m_isNegative = false;
    std::string m_digits = "0"; ///< without leading zeros
    int m_scale = 0;            ///< power of ten of the last digit
    Form m_form = Form::Decimal;
    std::string m_given; ///< original text, kept where Kubernetes keeps it
};

} // namespace tiphys::schema
