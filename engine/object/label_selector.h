// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/object.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::object {

/// What one label of an object must be.
struct LabelRequirement
{
    enum class Test { In, NotIn, Exists, Absent };
    std::string key;
    Test test = Test::In;
    std::vector<std::string> values; ///< of In and NotIn

    /// \p value is the label's, nothing where it is absent.
    bool holds(std::optional<std::string_view> value) const;
};

/// The requirements of a metav1.LabelSelector: `matchLabels` and `matchExpressions`; none for an empty one.
/// Errors: InvalidInput for an unknown operator, and for values where there are none to be or the other way round.
/// Source: apimachinery pkg/apis/meta/v1/helpers.go (LabelSelectorAsSelector)
Expected<std::vector<LabelRequirement>> labelRequirementsOf(const Value &selector);
/// The requirements of a selector as kubectl's -l takes it: "a=b,c==d,e!=f,g in (h,i),j notin (k),l,!m"; none for "".
/// Errors: InvalidInput for another text; "<" and ">", which hardly anybody uses, are not known.
/// Source: apimachinery pkg/labels/selector.go (Parse)
Expected<std::vector<LabelRequirement>> selectorRequirementsOf(std::string_view text);
/// Whether the labels of \p object meet all of them.
bool meetsLabels(const Object &object, const std::vector<LabelRequirement> &requirements);

} // namespace tiphys::object
