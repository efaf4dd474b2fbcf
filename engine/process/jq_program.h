// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct jq_state;

namespace tiphys::process {

/// A compiled jq program. Neither time nor memory is bounded here, and a process that runs out of memory ends at
/// once with kOutOfMemoryExitCode: only for a process of its own. One thread at a time.
class JqProgram
{
public:
    /// Errors: InvalidInput with jq's first sentence about \p program.
    static Expected<JqProgram> compiled(const std::string &program);

    /// All results for \p input. Errors: InvalidInput with jq's message if the program fails; LimitExceeded beyond
    /// 10,000 results or 16 MiB of them.
    Expected<std::vector<object::Value>> run(const object::Value &input) const;

private:
    struct Teardown
    {
        void operator()(jq_state *state) const;
    };
    explicit JqProgram(std::unique_ptr<jq_state, Teardown> state) : m_state(std::move(state)) {}

    std::unique_ptr<jq_state, Teardown> m_state;
};

} // namespace tiphys::process
