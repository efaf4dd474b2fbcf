// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace tiphys::render::kustomize {

/// True if go-yaml writes \p text as a block where it was one; else it writes it in double quotes.
/// Source: go.yaml.in/yaml/v3 emitterc.go (yaml_emitter_analyze_scalar)@v3.0.4
bool allowsBlock(std::string_view text);

/// \p text as a folded block below a line that is indented by \p depth times two spaces, from its '>' to its last line
/// feed. An empty line is added after the first line of every paragraph, also where the next line is indented: go-yaml
/// looks at the start of the text, not at the place where it is.
/// Source: go.yaml.in/yaml/v3 emitterc.go (yaml_emitter_write_folded_scalar)@v3.0.4
std::string foldedBlock(std::string_view text, int depth);

/// What comes back where go-yaml writes \p text folded and reads it again, as kustomize does with each object that it
/// prints: not always the same text.
/// Source: kustomize kyaml/yaml/rnode.go (MarshalJSON)@v5.8.1
std::string textAfterFolding(std::string_view text);

} // namespace tiphys::render::kustomize
