// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/invocation.h"
#include "offline/comparison.h"

#include <string>
#include <vector>

namespace tiphys::cli {

/// Prints a comparison of two revisions as text, JSON, YAML or Markdown; Secrets are masked.
void printReport(const offline::Comparison &comparison, const Invocation &invocation);

/// Two objects as YAML; "" for null ones. Secrets are masked, and of them \p maskedAnnotations.
struct ObjectTexts
{
    std::string before;
    std::string after;
};
ObjectTexts objectTexts(const object::Object &before, const object::Object &after,
                        const std::vector<std::string> &maskedAnnotations = {});

/// The unified diff of two objects; an object whose text is "" is absent.
std::string objectPatch(const ObjectTexts &texts, const std::string &nameBefore, const std::string &nameAfter);

} // namespace tiphys::cli
