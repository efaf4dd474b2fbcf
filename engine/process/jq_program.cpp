// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/jq_program.h"

#include "base/text.h"
#include "object/json.h"
#include "process/jq_server.h"

#include <cstdlib>

#include <jq.h>

namespace tiphys::process {

using object::Value;

namespace {

constexpr std::size_t kMostResults = 10'000;
constexpr std::size_t kMostResultBytes = std::size_t{16} << 20;

/// The text of \p value: a string's content, of anything else its JSON. Takes the value.
std::string takenText(jv value)
{
    if (jv_get_kind(value) != JV_KIND_STRING)
        value = jv_dump_string(value, 0);
    std::string text(jv_string_value(value), static_cast<std::size_t>(jv_string_length_bytes(jv_copy(value))));
    jv_free(value);
    return text;
}

/// jq says "error: syntax error, … at <top-level>, line 1:\nPROGRAM"; the program is the caller's to show.
std::string firstSentence(std::string_view message)
{
    for (const std::string_view prefix : {"jq: ", "error: "}) {
        if (message.starts_with(prefix))
            message.remove_prefix(prefix.size());
    }
    message = trimmed(message.substr(0, message.find('\n')));
    for (const std::string_view suffix : {":", " at <top-level>, line 1", " (Unix shell quoting issues?)"}) {
        if (message.ends_with(suffix))
            message.remove_suffix(suffix.size());
    }
    return std::string(message);
}

void keepFirstMessage(void *kept, jv message)
{
    auto *text = static_cast<std::string *>(kept);
    if (text->empty())
        *text = takenText(message);
    else
        jv_free(message);
}

void dropMessage(void *, jv message)
{
    jv_free(message);
}

void endForWantOfMemory(void *)
{
    std::_Exit(kOutOfMemoryExitCode);
}

/// What stopped the program at \p end, a value that is none. Takes it.
Expected<void> outcome(jq_state *state, jv end)
{
    std::string message;
    if (jv_invalid_has_msg(jv_copy(end))) {
        message = takenText(jv_invalid_get_msg(end));
    } else {
        jv_free(end);
        if (!jq_halted(state))
            return {};
        const jv exitCode = jq_get_exit_code(state);
        const bool isFailure = jv_get_kind(exitCode) == JV_KIND_NUMBER && jv_number_value(exitCode) != 0;
        jv_free(exitCode);
        if (!isFailure)
            return {};
        message = takenText(jq_get_error_message(state));
    }
    return failure(ErrorCode::InvalidInput, "the jq program failed: " + std::string(trimmed(message)));
}

} // namespace

void JqProgram::Teardown::operator()(jq_state *state) const
{
    jq_teardown(&state);
}

Expected<JqProgram> JqProgram::compiled(const std::string &program)
{
    std::unique_ptr<jq_state, Teardown> state(jq_init());
    if (!state)
        return failure(ErrorCode::Unavailable, "jq cannot be started");
    std::string message;
    jq_set_nomem_handler(state.get(), endForWantOfMemory, nullptr);
    jq_set_error_cb(state.get(), keepFirstMessage, &message);
    jq_set_debug_cb(state.get(), dropMessage, nullptr);
    jq_set_stderr_cb(state.get(), dropMessage, nullptr);
    if (program.contains('\0'))
        return failure(ErrorCode::InvalidInput, "a jq program cannot contain the character NUL");
    const bool isCompiled = jq_compile(state.get(), program.c_str()) != 0;
    jq_set_error_cb(state.get(), dropMessage, nullptr);
    if (!isCompiled)
        return failure(ErrorCode::InvalidInput, firstSentence(message));
    return JqProgram(std::move(state));
}

Expected<std::vector<Value>> JqProgram::run(const Value &input) const
{
    const std::string text = object::toJson(input, {.order = object::KeyOrder::Kept});
    const jv parsed = jv_parse_sized(text.data(), static_cast<int>(text.size()));
    if (!jv_is_valid(parsed)) {
        const std::string why = takenText(jv_invalid_get_msg(parsed));
        return failure(ErrorCode::InvalidInput, "jq cannot read the input: " + why);
    }
    jq_start(m_state.get(), parsed, 0);
    std::vector<Value> results;
    std::size_t bytes = 0;
    while (true) {
        const jv next = jq_next(m_state.get());
        if (!jv_is_valid(next)) {
            if (const Expected<void> ended = outcome(m_state.get(), next); !ended)
                return std::unexpected(ended.error());
            return results;
        }
        const std::string json = takenText(jv_dump_string(next, 0));
        bytes += json.size();
        if (results.size() == kMostResults)
            return failure(ErrorCode::LimitExceeded, "the jq program gives more than 10000 results");
        if (bytes > kMostResultBytes)
            return failure(ErrorCode::LimitExceeded, "the jq program gives more than 16 MiB of results");
        Expected<Value> value = object::parseJson(json);
        if (!value)
            return std::unexpected(value.error().in("a result of jq"));
        results.push_back(std::move(*value));
    }
}

} // namespace tiphys::process
