// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/generators.h"

#include "base/text.h"
#include "object/utf8.h"
#include "render/kustomize/edit.h"
#include "render/kustomize/go_text.h"
#include "render/kustomize/scalar.h"

#include <algorithm>

namespace tiphys::render::kustomize {

namespace {

constexpr std::size_t kLongestLine = 64 * 1024;

struct Pair
{
    std::string key;
    std::string value;
};
using Pairs = std::vector<Pair>;

std::string listText(const std::vector<std::string> &texts)
{
    return "[" + join(texts, " ") + "]";
}

std::string_view withoutQuotes(std::string_view text)
{
    const bool isQuoted = text.size() >= 2 && text.front() == text.back() && (text[0] == '"' || text[0] == '\'');
    return isQuoted ? text.substr(1, text.size() - 2) : text;
}

Expected<void> addLiterals(const std::vector<std::string> &literals, Pairs &pairs)
{
    for (const std::string &literal : literals) {
        const std::size_t equals = literal.find('=');
        if (equals == 0 || equals == std::string::npos)
            return failure(ErrorCode::InvalidInput, "invalid literal source " + literal + ", expected key=value");
        pairs.push_back(
            {literal.substr(0, equals), std::string(withoutQuotes(std::string_view(literal).substr(equals + 1)))});
    }
    return {};
}

struct FileSource
{
    std::string key;
    std::string path;
};

Expected<FileSource> fileSourceOf(const std::string &source)
{
    const auto count = std::ranges::count(source, '=');
    if (count == 0) {
        std::string_view path = source;
        while (path.size() > 1 && path.ends_with('/'))
            path.remove_suffix(1);
        const std::size_t slash = path.rfind('/');
        const std::string_view base = slash == std::string_view::npos || path == "/" ? path : path.substr(slash + 1);
        return FileSource{std::string(base.empty() ? "." : base), source};
    }
    const std::size_t equals = source.find('=');
    if (count > 1)
        return failure(ErrorCode::InvalidInput, "source " + goQuoted(source) + " key name or file path contains '='");
    if (equals == 0)
        return failure(ErrorCode::InvalidInput, "missing key name for file path " + goQuoted(source.substr(1))
                                                    + " in source " + goQuoted(source));
    if (equals + 1 == source.size())
        return failure(ErrorCode::InvalidInput, "missing file path for key name " + goQuoted(source.substr(0, equals))
                                                    + " in source " + goQuoted(source));
    return FileSource{source.substr(0, equals), source.substr(equals + 1)};
}

Expected<void> addFiles(const std::vector<std::string> &files, const Loader &loader, Pairs &pairs)
{
    for (const std::string &file : files) {
        const Expected<FileSource> source = fileSourceOf(file);
        if (!source)
            return std::unexpected(source.error());
        const Expected<FileContent> content = loader.load(source->path);
        if (!content)
            return std::unexpected(content.error());
        pairs.push_back({source->key, std::string(content->text)});
    }
    return {};
}

/// True for Go's unicode.IsSpace; \p size takes its bytes.
bool isSpaceAt(std::string_view text, std::size_t &size)
{
    size = 1;
    const auto byte = static_cast<unsigned char>(text[0]);
    if (byte < 0x80)
        return byte == ' ' || (byte >= '\t' && byte <= '\r');
    const object::detail::CodePoint point = object::detail::codePointAt(text, 0);
    size = point.size;
    const char32_t c = point.value;
    return point.isValid
           && (c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029
               || c == 0x202F || c == 0x205F || c == 0x3000);
}

Expected<void> addLines(std::string_view text, Pairs &pairs)
{
    bool isFirst = true;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        // Go's line scanner ends silently at a line that is too long.
        if (line.size() >= kLongestLine)
            return {};
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (!object::detail::isValidUtf8(line))
            return failure(ErrorCode::InvalidInput, "line has invalid utf8 bytes : " + std::string(line));
        if (isFirst && line.starts_with("\xEF\xBB\xBF"))
            line.remove_prefix(3);
        isFirst = false;
        for (std::size_t size = 0; !line.empty() && isSpaceAt(line, size);)
            line.remove_prefix(size);
        if (line.empty() || line[0] == '#')
            continue;
        const std::size_t equals = line.find('=');
        const std::string_view value = equals == std::string_view::npos ? std::string_view() : line.substr(equals + 1);
        if (equals != 0)
            pairs.push_back({std::string(line.substr(0, equals)), std::string(value)});
    }
    return {};
}

Expected<void> addEnvs(const std::vector<std::string> &envs, const Loader &loader, Pairs &pairs)
{
    for (const std::string &env : envs) {
        const Expected<FileContent> content = loader.load(env);
        if (!content)
            return std::unexpected(content.error());
        const Expected<void> done = addLines(content->text, pairs);
        if (!done)
            return done;
    }
    return {};
}

Expected<StringMap> dataOf(const GeneratorArgs &args, const Loader &loader)
{
    Pairs pairs;
    Expected<void> done = addEnvs(args.envs, loader, pairs);
    if (!done)
        return std::unexpected(done.error().in("env source files: " + listText(args.envs)).in("loading KV pairs"));
    done = addLiterals(args.literals, pairs);
    if (!done)
        return std::unexpected(done.error().in("literal sources " + listText(args.literals)).in("loading KV pairs"));
    done = addFiles(args.files, loader, pairs);
    if (!done)
        return std::unexpected(done.error().in("file sources: " + listText(args.files)).in("loading KV pairs"));
    StringMap data;
    for (Pair &pair : pairs) {
        if (!data.try_emplace(pair.key, std::move(pair.value)).second)
            return failure(ErrorCode::InvalidInput,
                           "configmap " + args.name + " illegally repeats the key `" + pair.key + "`");
    }
    return data;
}

Node *plain(Arena &arena, std::string_view text, Tag tag = Tag::String)
{
    Node *node = arena.scalar(text);
    node->tag = tag;
    return node;
}

void add(Arena &arena, Node &map, std::string_view key, Node *value)
{
    arena.append(map, plain(arena, key));
    arena.append(map, value);
}

Expected<Node *> baseNode(const GeneratorArgs &args, std::string_view kind, Arena &arena)
{
    if (args.name.empty())
        return failure(ErrorCode::InvalidInput, "a configmap must have a name");
    Node *root = arena.map();
    root->tag = Tag::Map;
    add(arena, *root, "apiVersion", plain(arena, "v1"));
    add(arena, *root, "kind", plain(arena, kind));
    Node *metadata = arena.map();
    add(arena, *root, "metadata", metadata);
    add(arena, *metadata, "name", plain(arena, args.name));
    if (!args.ns.empty())
        add(arena, *metadata, "namespace", plain(arena, args.ns));
    return root;
}

Expected<void> addOptions(const std::optional<GeneratorOptions> &options, Arena &arena, Node &root)
{
    if (!options)
        return {};
    for (const auto &[key, text] : options->labels) {
        const Expected<void> done = setLabel(arena, root, key, text);
        if (!done)
            return done;
    }
    for (const auto &[key, text] : options->annotations) {
        const Expected<void> done = setAnnotation(arena, root, key, text);
        if (!done)
            return done;
    }
    if (options->isImmutable)
        add(arena, root, "immutable", plain(arena, "true", Tag::Bool));
    return {};
}

/// The resource, with what later steps must know about how it came to be.
/// Source: kustomize api/resource/factory.go (makeOne)@v5.8.1
Expected<ResourcePtr> generated(Node *root, const GeneratorArgs &args, BuildContext &context)
{
    auto resource = std::make_shared<Resource>(context, root);
    Texts annotations = annotationsOf(*root);
    if (!args.options || !args.options->disablesNameSuffixHash)
        annotations[annotation::kNeedsHash] = "enabled";
    const bool isKnown = args.behavior == "create" || args.behavior == "merge" || args.behavior == "replace";
    annotations[annotation::kBehavior] = isKnown ? std::string_view(args.behavior) : "unspecified";
    const Expected<void> done = setAnnotations(context.arena, *root, annotations);
    if (!done)
        return std::unexpected(done.error());
    return resource;
}

} // namespace

Expected<ResourcePtr> generatedConfigMap(const ConfigMapArgs &args, const Loader &loader, BuildContext &context)
{
    Arena &arena = context.arena;
    const Expected<Node *> root = baseNode(args, "ConfigMap", arena);
    if (!root)
        return std::unexpected(root.error());
    const Expected<StringMap> data = dataOf(args, loader);
    if (!data)
        return std::unexpected(data.error());
    for (const auto &[key, value] : *data) {
        const bool isText = object::detail::isValidUtf8(value);
        const Expected<Node *> map = lookupOrMake(arena, *root, {isText ? "data" : "binaryData"}, Kind::Map);
        if (!map)
            return std::unexpected(map.error());
        const Expected<Node *> done = setField(arena, *map, key, arena.string(isText ? value : wrappedBase64Of(value)));
        if (!done)
            return std::unexpected(done.error());
    }
    const Expected<void> done = addOptions(args.options, arena, **root);
    if (!done)
        return std::unexpected(done.error());
    return generated(*root, args, context);
}

Expected<ResourcePtr> generatedSecret(const SecretArgs &args, const Loader &loader, BuildContext &context)
{
    Arena &arena = context.arena;
    const Expected<Node *> root = baseNode(args, "Secret", arena);
    if (!root)
        return std::unexpected(root.error());
    add(arena, **root, "type", plain(arena, args.type.empty() ? "Opaque" : args.type));
    const Expected<StringMap> data = dataOf(args, loader);
    if (!data)
        return std::unexpected(data.error());
    Node *map = arena.map();
    add(arena, **root, "data", map);
    for (const auto &[key, value] : *data) {
        const Expected<Node *> done = setField(arena, map, key, arena.string(wrappedBase64Of(value)));
        if (!done)
            return std::unexpected(done.error());
    }
    const Expected<void> done = addOptions(args.options, arena, **root);
    if (!done)
        return std::unexpected(done.error());
    return generated(*root, args, context);
}

} // namespace tiphys::render::kustomize
