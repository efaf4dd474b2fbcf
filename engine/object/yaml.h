// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::object {

/// What two equal keys in one map mean.
enum class DuplicateKeys {
    LastWins, ///< as sigs.k8s.io/yaml.Unmarshal
    Refused,  ///< as sigs.k8s.io/yaml.UnmarshalStrict: InvalidInput that lists all of them
};
/// What floats without a fraction become ("1.0", "1e10").
enum class WholeFloats {
    Integers, ///< as their JSON text reads
    Doubles,  ///< for readers that write them as text: sigs.k8s.io/yaml makes "1e+10" of 1e10 where a string is wanted
};
struct YamlOptions
{
    DuplicateKeys duplicateKeys = DuplicateKeys::LastWins;
    WholeFloats wholeFloats = WholeFloats::Integers;
};

/// One document of a YAML stream as JSON-like value, as sigs.k8s.io/yaml gives it (YAML to JSON: keys become
/// strings, timestamps stay strings, merge keys are applied). An empty text is null. Only the first document of
/// a stream is read; splitting streams is splitYamlDocuments. Errors: InvalidInput "yaml: line N: …" with
/// go-yaml's words; LimitExceeded for depth and alias bombs.
Expected<Value> parseYaml(std::string_view text, const YamlOptions &options = {});

/// The documents of a stream, cut at lines that are "---", with or without a comment, as Kubernetes' YAML reader
/// cuts them; the pieces are views into \p text, comments and empty pieces included. A line "--- text", which
/// Kubernetes refuses, begins a piece that includes it.
std::vector<std::string_view> splitYamlDocuments(std::string_view text);

/// \p value as YAML the way sigs.k8s.io/yaml.Marshal prints it (go-yaml v2 emitter): keys sorted, two spaces,
/// lists not indented below their key. Ends with a line feed. What Marshal refuses is printed too: control
/// characters escaped, infinities and not-a-number as ".inf" and ".nan".
std::string toYaml(const Value &value);

/// toYaml, but with Marshal's refusals: InvalidInput for infinities and not-a-number, for text with control
/// characters from U+007F on, and for keys of more than 1,024 characters.
Expected<std::string> marshalYaml(const Value &value);

} // namespace tiphys::object
