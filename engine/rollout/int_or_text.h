// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::rollout {

/// A field that holds a number or a text: maxSurge, pause.duration, count.
struct IntOrText
{
    bool isText = false;
    int number = 0;
    std::string text;
    /// What ofText() reads the text as, with or without "%"; nothing if it is no whole number.
    std::optional<std::int64_t> percent;

    /// Nothing unless \p value is an integer or a text.
    static std::optional<IntOrText> of(const object::Value &value);
    static IntOrText ofText(std::string_view text);
    object::Value value() const;
    /// The number, or the text as a number, 0 if it is none.
    /// Source: k8s.io/apimachinery/pkg/util/intstr (IntValue)@v0.34.1
    int intValue() const;
    /// As printed: the number in decimal, or the text.
    std::string shown() const;
    bool operator==(const IntOrText &) const = default;
};

enum class Rounding { Up, Down };
/// Pods that \p amount means of \p total: a number as it is, a text as a percentage with or without "%". Nothing if
/// the text is no whole number.
/// Source: k8s.io/apimachinery/pkg/util/intstr (GetValueFromIntOrPercent)@v0.34.1
std::optional<int> podsOf(const IntOrText &amount, int total, Rounding rounding);

} // namespace tiphys::rollout
