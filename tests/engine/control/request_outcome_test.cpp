// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/request_outcome.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

using namespace tiphys;

namespace {

struct Case
{
    const char *name;
    const char *patch;
    const char *application;
    bool wanted;
};

object::Value parsed(const char *text)
{
    return object::parseYaml(text).value_or(object::Value());
}

} // namespace

TEST(RequestOutcome, ToldByTheApplication)
{
    const Case cases[] = {
        {"an operation that is there", "{metadata: {resourceVersion: '1'}, operation: {sync: {revision: abc}}}",
         "{metadata: {resourceVersion: '2'}, operation: {sync: {revision: abc, prune: true}}}", true},
        {"another operation", "{operation: {sync: {revision: abc}}}", "{operation: {sync: {revision: def}}}", false},
        {"no operation", "{operation: {sync: {revision: abc}}}", "{status: {sync: {status: Synced}}}", false},
        {"one that was taken up", "{operation: {sync: {revision: abc}}}",
         "{status: {operationState: {operation: {sync: {revision: abc}}}}}", true},
        {"a field that is removed", "{metadata: {finalizers: null}}", "{metadata: {name: shop}}", true},
        {"a field that is not removed", "{metadata: {finalizers: null}}", "{metadata: {finalizers: [a]}}", false},
        {"an annotation", "{metadata: {annotations: {refresh: normal}}}",
         "{metadata: {annotations: {refresh: normal, x: y}}}", true},
    };
    for (const Case &one : cases)
        EXPECT_EQ(control::hasTakenEffect(parsed(one.patch), object::Object(parsed(one.application))), one.wanted)
            << one.name;
}

TEST(RequestOutcome, AnObjectOfAnotherMakerIsNotOurs)
{
    const object::Object asked(parsed("{metadata: {name: a, annotations: {tracking: 'shop:x'}}, spec: {replicas: 1}}"));
    const object::Object ours(parsed("{metadata: {name: a, uid: '1', labels: {a: b}, annotations: {tracking: 'shop:x', "
                                     "more: z}}, spec: {replicas: 1}}"));
    const object::Object others(parsed("{metadata: {name: a, uid: '2'}, spec: {replicas: 1}}"));
    EXPECT_TRUE(control::isOfSameMaker(asked, ours));
    EXPECT_FALSE(control::isOfSameMaker(asked, others));
}
