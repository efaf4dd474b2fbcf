// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis/regular_expression.h"

#include <re2/re2.h>

#include <string>

namespace tiphys::rollout {

Expected<bool> matches(std::string_view pattern, std::string_view text)
{
    re2::RE2::Options options;
    options.set_log_errors(false);
    const re2::RE2 compiled(re2::StringPiece(pattern.data(), pattern.size()), options);
    if (!compiled.ok()) {
        std::string code = compiled.error();
        const std::string argument = compiled.error_arg();
        if (code.ends_with(": " + argument))
            code.resize(code.size() - argument.size() - 2);
        if (code.starts_with("missing ") && code.size() == 9)
            code.insert(8, "closing ");
        return failure(ErrorCode::InvalidInput, "error parsing regexp: " + code + ": `" + argument + "`");
    }
    return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), compiled);
}

} // namespace tiphys::rollout
