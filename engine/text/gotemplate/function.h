// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/short_text.h"
#include "text/gotemplate/value.h"

#include <expected>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tiphys::text {

class TemplateSet;

/// A failure while a template is read or executed: like Go's error chains, so that Helm can tell the levels.
///
/// The text is Go's, complete ("template: a.yaml:3:4: executing …"). Functions return `templateError("text")`, the
/// executor adds the place and "error calling NAME: ".
struct TemplateError
{
    ErrorCode code = ErrorCode::InvalidInput;
    /// Whole text, texts of causes included where Go includes them.
    std::string text;
    /// Go's template.ExecError: made by the executor.
    bool isExecution = false;
    /// What errors.Unwrap gives: the error of the function that failed, and so on.
    std::shared_ptr<const TemplateError> cause;

    TemplateError() = default;
    TemplateError(ErrorCode errorCode, std::string errorText) : code(errorCode), text(std::move(errorText)) {}
    /// An error of another folder becomes an error without cause.
    TemplateError(const Error &error) : code(error.code()), text(error.text()) {}
    /// \p prefix before the text of \p inner, which becomes the cause (Go: fmt.Errorf("…: %w", err)).
    static TemplateError wrapping(std::string prefix, TemplateError inner);
};

template <typename T>
using TemplateExpected = std::expected<T, TemplateError>;

/// Shorthand for the failing return of a function.
inline std::unexpected<TemplateError> templateError(std::string text)
{
    return std::unexpected(TemplateError(ErrorCode::InvalidInput, std::move(text)));
}

/// Limits of one render, counted down while it runs; exceeding one is the error LimitExceeded.
/// One Budget spans a whole chart: pass the same to every execution.
struct Budget
{
    /// Nodes executed and loop iterations.
    std::uint64_t steps = 200'000'000;
    /// Bytes written by templates, nested ones counted at each level.
    std::uint64_t outputBytes = std::uint64_t(1) << 30;
    /// Stack that nested templates and includes may use; above it the error is Go's for too deep nesting. A thread
    /// whose stack is smaller than 8 MB must set less; a thousand nested includes need about 3 MB.
    std::size_t stackBytes = std::size_t(5) << 20;

    /// Takes \p count steps; false if there are not as many left. For functions that do a lot in one call.
    bool takeSteps(std::uint64_t count)
    {
        if (steps < count)
            return false;
        steps -= count;
        return true;
    }
    /// Takes \p bytes of output or of text made by one function (repeat, indent, replace).
    bool takeOutput(std::uint64_t bytes)
    {
        if (outputBytes < bytes)
            return false;
        outputBytes -= bytes;
        return true;
    }
};
/// The error of a used-up budget.
std::unexpected<TemplateError> budgetExceeded(std::string_view what);

using CallResult = TemplateExpected<TemplateValue>;

/// What a function may ask of the execution that called it.
class CallContext
{
public:
    virtual ~CallContext() = default;
    virtual Budget &budget() = 0;
    /// The set whose template is running; inside `tpl` the set made for it.
    virtual const TemplateSet &templates() const = 0;
    /// Executes template \p name of templates() with \p data and gives its text (Helm's `include`).
    virtual CallResult execute(std::string_view name, const TemplateValue &data) = 0;
    /// The same with a template of another set, on the same budget and stack (Helm's `tpl`).
    virtual CallResult execute(const TemplateSet &set, std::string_view name, const TemplateValue &data) = 0;
};

/// Arguments of a call. They fit the signature already: the right number, each assignable to its parameter; nil
/// without a type only where the parameter is an interface (for list, map and pointer parameters it is a typed nil).
using Arguments = std::span<TemplateValue>;
using Callable = std::function<CallResult(Arguments, CallContext &)>;

/// Parameters of a Go function. `{&types::kString, &types::kAny}`; if variadic, the last type is that of each
/// further argument (`...interface {}`: kAny).
struct Signature
{
    std::vector<const Type *> parameters;
    bool isVariadic = false;
};

/// A function or bound method that templates can call.
///
/// The executor checks arguments as Go's reflection would and makes literals of the parameter's type (5 for a float64
/// parameter is 5.0). Go panics of the original are returned as errors with the panic's text. A value given back with
/// an interface type in Go is simply the value in it.
struct Function
{
    Signature signature;
    Callable call;
};

/// Names of functions and templates in tables: found by a view.
struct NameHash
{
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return object::detail::textHash(name); }
};

/// Functions by name. Build once, share between renders and threads.
class FunctionTable
{
public:
    /// Adds or replaces. The name must be a Go identifier.
    void add(std::string name, Signature signature, Callable call);
    /// `add("upper", {&types::kString}, …)` without variadic part.
    void add(std::string name, std::initializer_list<const Type *> parameters, Callable call);
    /// The last type is that of each further argument.
    void addVariadic(std::string name, std::initializer_list<const Type *> parameters, Callable call);
    void remove(std::string_view name);
    /// Adds all of \p other, replacing equal names.
    void merge(const FunctionTable &other);
    const Function *find(std::string_view name) const;
    std::vector<std::string_view> names() const;

private:
    std::unordered_map<std::string, Function, NameHash, std::equal_to<>> m_functions;
};

/// Go's own functions (and call html index slice js len not or print printf println urlquery eq ge gt le lt ne): every
/// template has them; a FunctionTable overrides them by name.
const FunctionTable &builtinFunctions();

} // namespace tiphys::text
