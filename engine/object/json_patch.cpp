// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json_patch.h"

#include "object/pointer.h"

namespace tiphys::object {

namespace {

/// One operation, its parts by the names of the standard.
struct Operation
{
    std::string kind;
    std::string path;
    std::string from;
    Value value;
};

/// evanphx drops all in front of the first slash.
std::optional<Pointer> pointerAt(std::string_view path)
{
    const std::size_t slash = path.find('/');
    if (path.empty())
        return Pointer();
    if (slash == std::string_view::npos)
        return std::nullopt;
    Expected<Pointer> pointer = Pointer::parse(path.substr(slash));
    return pointer ? std::optional(std::move(*pointer)) : std::nullopt;
}

/// True if the map or list that holds \p pointer's target is there.
bool hasParent(const Value &root, const Pointer &pointer)
{
    if (pointer.isRoot())
        return false;
    std::vector<std::string> parts = pointer.parts();
    parts.pop_back();
    const std::optional<Value> parent = Pointer(std::move(parts)).find(root);
    return parent && (parent->isMap() || parent->isList());
}

bool isInList(const Value &root, const Pointer &pointer)
{
    std::vector<std::string> parts = pointer.parts();
    parts.pop_back();
    const std::optional<Value> parent = Pointer(std::move(parts)).find(root);
    return parent && parent->isList();
}

std::unexpected<Error> missingPath(const std::string &kind, const std::string &what, const std::string &path)
{
    return failure(ErrorCode::NotFound,
                   kind + " operation does not apply: doc is missing " + what + ": " + path + ": missing value");
}

std::unexpected<Error> problemAt(const std::string &kind, const std::string &path, const Error &error)
{
    return failure(error.code(), "error in " + kind + " for path: '" + path + "': " + error.message());
}

Expected<Value> add(const Value &root, const Operation &operation, JsonPatchRules rules)
{
    const std::optional<Pointer> pointer = pointerAt(operation.path);
    if (pointer && pointer->isRoot() && rules == JsonPatchRules::Version5)
        return operation.value;
    if (!pointer || !hasParent(root, *pointer))
        return missingPath("add", "path", "\"" + operation.path + "\"");
    Expected<Value> result = pointer->added(root, operation.value);
    return result ? result : problemAt("add", operation.path, result.error());
}

Expected<Value> remove(const Value &root, const Operation &operation)
{
    const std::optional<Pointer> pointer = pointerAt(operation.path);
    if (!pointer || !hasParent(root, *pointer))
        return missingPath("remove", "path", "\"" + operation.path + "\"");
    Expected<Value> result = pointer->removed(root);
    return result ? result : problemAt("remove", operation.path, result.error());
}

Expected<Value> replace(const Value &root, const Operation &operation, JsonPatchRules rules)
{
    const std::optional<Pointer> pointer = pointerAt(operation.path);
    if (pointer && pointer->isRoot()) {
        if (!operation.value.isMap() && !operation.value.isList())
            return failure(ErrorCode::InvalidInput, "replace operation value must be object or array");
        return operation.value;
    }
    if (!pointer || !hasParent(root, *pointer))
        return missingPath("replace", "path", operation.path);
    const bool mayBeAbsent = rules == JsonPatchRules::Version4 && !isInList(root, *pointer);
    if (!mayBeAbsent && !pointer->find(root))
        return missingPath("replace", "key", operation.path);
    return pointer->replaced(root, operation.value);
}

/// What "move" and "copy" take from the document. Version 4 copies null from a member that is absent.
Expected<Value> source(const Value &root, const Operation &operation, JsonPatchRules rules)
{
    const std::optional<Pointer> from = pointerAt(operation.from);
    if (!from || !hasParent(root, *from))
        return missingPath(operation.kind, "from path", operation.from);
    std::optional<Value> value = from->find(root);
    if (value)
        return *value;
    const std::string &key = from->parts().back();
    if (rules == JsonPatchRules::Version4 && !isInList(root, *from)) {
        if (operation.kind == "copy")
            return Value();
        return failure(ErrorCode::NotFound, "error in move for path: '" + key
                                                + "': Unable to remove nonexistent key: " + key + ": missing value");
    }
    return failure(ErrorCode::NotFound, "error in " + operation.kind + " for path: '" + key + "': missing value");
}

Expected<Value> addAtDestination(const Value &root, const Operation &operation, const Value &value)
{
    const std::optional<Pointer> pointer = pointerAt(operation.path);
    if (!pointer || !hasParent(root, *pointer))
        return missingPath(operation.kind, "destination path", operation.path);
    Expected<Value> result = pointer->added(root, value);
    return result ? result : problemAt(operation.kind, operation.path, result.error());
}

Expected<Value> move(const Value &root, const Operation &operation, JsonPatchRules rules)
{
    const Expected<Value> value = source(root, operation, rules);
    if (!value)
        return std::unexpected(value.error());
    const Expected<Value> without = pointerAt(operation.from)->removed(root);
    if (!without)
        return problemAt("move", operation.from, without.error());
    return addAtDestination(*without, operation, *value);
}

Expected<Value> copy(const Value &root, const Operation &operation, JsonPatchRules rules)
{
    const Expected<Value> value = source(root, operation, rules);
    return value ? addAtDestination(root, operation, *value) : std::unexpected(value.error());
}

/// Numbers of a test are compared by value.
bool matches(const Value &a, const Value &b)
{
    if (a.isNumber() && b.isNumber())
        return a == b || *a.asNumber() == *b.asNumber();
    if (a.type() != b.type() || a.size() != b.size())
        return false;
    if (a.isList()) {
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (!matches(a.at(i), b.at(i)))
                return false;
        }
        return true;
    }
    if (a.isMap()) {
        for (const auto &[key, held] : a.entries()) {
            const std::optional<Value> other = b.find(key);
            if (!other || !matches(held, *other))
                return false;
        }
        return true;
    }
    return a == b;
}

Expected<Value> test(const Value &root, const Operation &operation, JsonPatchRules rules)
{
    const std::optional<Pointer> pointer = pointerAt(operation.path);
    if (!pointer || (!pointer->isRoot() && !hasParent(root, *pointer)))
        return failure(ErrorCode::NotFound,
                       "test operation does not apply: is missing path: " + operation.path + ": missing value");
    const std::optional<Value> found = pointer->find(root);
    const bool isRefused =
        !found && (rules == JsonPatchRules::Version5 ? !operation.value.isNull() : isInList(root, *pointer));
    if (isRefused)
        return failure(ErrorCode::NotFound, "error in test for path: '" + operation.path + "': missing value");
    if (!matches(found.value_or(Value()), operation.value))
        return failure(ErrorCode::Conflict, "testing value " + operation.path + " failed: test failed");
    return root;
}

Expected<Operation> operationOf(const Value &entry)
{
    if (!entry.isMap())
        return failure(ErrorCode::InvalidInput, "an operation of a JSON patch must be a map");
    Operation operation{std::string(entry["op"].stringOr("unknown")), std::string(entry["path"].stringOr()),
                        std::string(entry["from"].stringOr()), entry["value"]};
    if (!entry["path"].isString())
        return failure(ErrorCode::InvalidInput, operation.kind + " operation failed to decode path: missing value");
    return operation;
}

} // namespace

Expected<Value> applyJsonPatch(const Value &value, const Value &patch, JsonPatchRules rules)
{
    if (!patch.isList())
        return failure(ErrorCode::InvalidInput, "a JSON patch must be a list of operations");
    Expected<Value> result = value;
    for (const Value &entry : patch.items()) {
        const Expected<Operation> operation = operationOf(entry);
        if (!operation)
            return std::unexpected(operation.error());
        if (operation->kind == "add")
            result = add(*result, *operation, rules);
        else if (operation->kind == "remove")
            result = remove(*result, *operation);
        else if (operation->kind == "replace")
            result = replace(*result, *operation, rules);
        else if (operation->kind == "move")
            result = move(*result, *operation, rules);
        else if (operation->kind == "copy")
            result = copy(*result, *operation, rules);
        else if (operation->kind == "test")
            result = test(*result, *operation, rules);
        else
            return failure(ErrorCode::InvalidInput, "Unexpected kind: " + operation->kind);
        if (!result)
            return result;
    }
    return result;
}

} // namespace tiphys::object
