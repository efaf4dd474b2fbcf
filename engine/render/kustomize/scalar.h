// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/node.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace tiphys::render::kustomize {

/// What a scalar stands for.
struct Meaning
{
    Tag tag = Tag::String; ///< Null, Bool, Int, Float, Timestamp, Merge or String
    bool boolean = false;
    bool isUnsigned = false; ///< Int: above int64, see unsignedInteger
    std::int64_t integer = 0;
    std::uint64_t unsignedInteger = 0;
    double number = 0;
};

/// The meaning of a plain scalar by go-yaml v3's rules: "yes" and "on" are texts, timestamps are timestamps.
/// Source: go.yaml.in/yaml/v3 resolve.go (resolve)@v3.0.4
Meaning meaningOf(std::string_view text);

/// The meaning of \p node after it was written and read again, which is how kustomize ends.
/// Errors: InvalidInput for a tag that the text does not fit.
/// Source: go.yaml.in/yaml/v3 encode.go (node), resolve.go@v3.0.4
Expected<Meaning> writtenMeaning(const Node &node);

/// True if a YAML 1.1 reader takes the plain \p text for something else than text ("yes", "1_0", "~").
/// Source: kustomize kyaml/yaml/compatibility.go (IsValueNonString)@v5.8.1
bool isNonStringText(std::string_view text);

/// A timestamp of YAML as RFC 3339 writes it: "2020-1-2" gives "2020-01-02T00:00:00Z".
std::string timestampText(std::string_view text);

/// "!!str" and its like.
std::string_view tagWord(const Node &node);
Tag tagOf(std::string_view word);

/// Base64 in lines of 70 characters when it has more, as kustomize writes data.
std::string wrappedBase64Of(std::string_view bytes);

} // namespace tiphys::render::kustomize
