// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/function.h"

#include <optional>
#include <string>
#include <string_view>

namespace tiphys::text::sprig {

/// User and password of a URL, unescaped.
struct UserInfo
{
    std::string name;
    std::optional<std::string> password;
    /// Escaped: "user:password".
    std::string text() const;
};

/// A URL in its parts, unescaped except for the query.
struct GoUrl
{
    std::string scheme;
    std::string opaque;
    std::optional<UserInfo> user;
    std::string host;
    std::string path;
    std::string query;
    std::string fragment;

    /// The host without port and brackets.
    std::string_view hostname() const;
    /// Source: golang src/net/url/url.go (URL.String)@go1.26
    std::string text() const;
    /// Errors: Go's (`parse "10.0.0.1:80": first path segment in URL cannot contain colon`).
    /// Source: golang src/net/url/url.go (Parse)@go1.26
    static TemplateExpected<GoUrl> parse(std::string_view text);
};

} // namespace tiphys::text::sprig
