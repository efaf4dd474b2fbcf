// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/lexer.h"
#include "text/gotemplate/node.h"

#include <expected>
#include <string>

namespace tiphys::text::parse {

/// Reads a number or character literal into every Go type that can hold it; else Go's message.
/// Source: golang src/text/template/parse/node.go (newNumber)@go1.26
std::expected<NumberNode *, std::string> numberNodeOf(const Item &item, NodeStore &store);

} // namespace tiphys::text::parse
