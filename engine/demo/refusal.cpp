// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/refusal.h"

#include "base/text.h"

namespace tiphys::demo {

using object::Value;

namespace {

std::string doubleQuoted(std::string_view text)
{
    return "\"" + std::string(text) + "\"";
}

Refusal about(const Resource &resource, std::string_view name, int code, std::string reason, std::string message)
{
    Refusal refusal;
    refusal.code = code;
    refusal.reason = std::move(reason);
    refusal.message = std::move(message);
    refusal.group = resource.group;
    refusal.kind = resource.plural;
    refusal.name = name;
    return refusal;
}

Value detailsOf(const Refusal &refusal)
{
    Value details = Value::map({});
    if (!refusal.name.empty())
        details = details.with("name", refusal.name);
    if (!refusal.group.empty())
        details = details.with("group", refusal.group);
    if (!refusal.kind.empty())
        details = details.with("kind", refusal.kind);
    std::vector<Value> causes;
    for (const Cause &cause : refusal.causes) {
        causes.push_back(Value::map({{"reason", cause.reason}, {"message", cause.message}, {"field", cause.field}}));
    }
    if (!causes.empty())
        details = details.with("causes", Value::list(causes));
    if (refusal.retryAfterSeconds > 0)
        details = details.with("retryAfterSeconds", refusal.retryAfterSeconds);
    return details;
}

} // namespace

Value Refusal::status() const
{
    Value metadata = Value::map({});
    if (!continueToken.empty())
        metadata = metadata.with("continue", continueToken);
    Value status = Value::map({{"kind", "Status"},
                               {"apiVersion", "v1"},
                               {"metadata", metadata},
                               {"status", "Failure"},
                               {"message", message},
                               {"reason", reason}});
    const Value details = detailsOf(*this);
    if (!details.isEmpty())
        status = status.with("details", details);
    return status.with("code", code);
}

Refusal badRequest(std::string message)
{
    Refusal refusal;
    refusal.message = std::move(message);
    return refusal;
}

Refusal notFound(const Resource &resource, std::string_view name)
{
    return about(resource, name, 404, "NotFound", resource.text() + " " + doubleQuoted(name) + " not found");
}

Refusal alreadyExists(const Resource &resource, std::string_view name)
{
    return about(resource, name, 409, "AlreadyExists", resource.text() + " " + doubleQuoted(name) + " already exists");
}

Refusal conflict(const Resource &resource, std::string_view name, std::string_view why)
{
    return about(resource, name, 409, "Conflict",
                 "Operation cannot be fulfilled on " + resource.text() + " " + doubleQuoted(name) + ": "
                     + std::string(why));
}

Refusal staleWrite(const Resource &resource, std::string_view name)
{
    return conflict(resource, name,
                    "the object has been modified; please apply your changes to the latest version and try again");
}

Refusal invalid(const Resource &resource, std::string_view name, std::vector<Cause> causes)
{
    std::vector<std::string> sentences;
    for (const Cause &cause : causes)
        sentences.push_back(cause.field + ": " + cause.message);
    const std::string all = sentences.size() == 1 ? sentences.front() : "[" + join(sentences, ", ") + "]";
    Refusal refusal = about(resource, name, 422, "Invalid",
                            resource.groupKind().text() + " " + doubleQuoted(name) + " is invalid: " + all);
    refusal.kind = resource.kind;
    refusal.causes = std::move(causes);
    return refusal;
}

Refusal expired(std::string message)
{
    Refusal refusal;
    refusal.code = 410;
    refusal.reason = "Expired";
    refusal.message = std::move(message);
    return refusal;
}

Refusal forbidden(const Resource &resource, std::string_view name, std::string message)
{
    return about(resource, name, 403, "Forbidden", std::move(message));
}

Refusal methodNotAllowed()
{
    Refusal refusal;
    refusal.code = 405;
    refusal.reason = "MethodNotAllowed";
    refusal.message = "the server does not allow this method on the requested resource";
    return refusal;
}

Refusal noSuchPath()
{
    Refusal refusal;
    refusal.code = 404;
    refusal.reason = "NotFound";
    refusal.message = "the server could not find the requested resource";
    return refusal;
}

Refusal unsupportedMediaType(std::string message)
{
    Refusal refusal;
    refusal.code = 415;
    refusal.reason = "UnsupportedMediaType";
    refusal.message = std::move(message);
    return refusal;
}

Value successStatus(const Resource &resource, std::string_view name, std::string_view uid)
{
    Value details = Value::map({{"name", name}});
    if (!resource.group.empty())
        details = details.with("group", resource.group);
    details = details.with("kind", resource.plural).with("uid", uid);
    return Value::map({{"kind", "Status"},
                       {"apiVersion", "v1"},
                       {"metadata", Value::map({})},
                       {"status", "Success"},
                       {"details", details}});
}

} // namespace tiphys::demo
