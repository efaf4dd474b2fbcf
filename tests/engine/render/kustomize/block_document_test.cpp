// SPDX-License-Identifier: GPL-3.0-or-later
// The fast way of reading documents as nodes and the full way must not differ.
#include "fidelity/yaml_mutator.h"
#include "fidelity/yaml_seeds.h"
#include "render/kustomize/block_document.h"
#include "render/kustomize/document.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace tiphys;
using namespace tiphys::render::kustomize;

namespace {

bool areSame(const Node *a, const Node *b)
{
    if (a->kind != b->kind || a->tag != b->tag || a->style != b->style || a->isFlow != b->isFlow
        || a->isTagged != b->isTagged || a->value != b->value || a->tagText != b->tagText || a->size != b->size)
        return false;
    return std::ranges::equal(a->content(), b->content(), areSame);
}

TEST(BlockDocument, AgreesWithTheFullReader)
{
    const std::vector<std::string> texts = fidelity::yamlSeeds();
    fidelity::YamlMutator mutator(7);
    std::size_t fast = 0;
    for (int i = 0; i < 30'000; ++i) {
        const std::string text = mutator.mutated(texts);
        Arena arena;
        const Node *block = readBlockNode(arena, text);
        if (!block)
            continue;
        ++fast;
        const Expected<Node *> full = readFullNode(arena, text);
        ASSERT_TRUE(full) << text << "\n" << full.error().text();
        ASSERT_TRUE(*full) << text;
        ASSERT_TRUE(areSame(block, *full)) << text;
    }
    EXPECT_GT(fast, 1'000u) << "the mutations leave too little for the fast way";
}

TEST(BlockDocument, LeavesAnchorsTagsAndMergeKeysToTheFullReader)
{
    for (const char *text :
         {"a: &x 1\nb: *x\n", "a: !!str 1\n", "a: {b: 1}\n<<: {c: 2}\n", "", "---\n", "a: {b: [1,\n  2]}\n"}) {
        Arena arena;
        EXPECT_FALSE(readBlockNode(arena, text)) << text;
    }
}

} // namespace
