// SPDX-License-Identifier: GPL-3.0-or-later
#include "tree/tree_value.h"

#include "crd/field_writer.h"

namespace tiphys::tree {

namespace {

using crd::FieldWriter;
using crd::listOf;
using object::Value;

FieldWriter referenceWriter(const object::ObjectKey &key, const std::string &version, const std::string &uid)
{
    FieldWriter writer({});
    writer.text("group", key.group)
        .text("version", version)
        .text("kind", key.kind)
        .text("namespace", key.ns)
        .text("name", key.name)
        .text("uid", uid);
    return writer;
}

Value referenceValue(const NodeReference &reference)
{
    return referenceWriter(reference.key(), reference.version, reference.uid).finish();
}

Value networkingValue(const Networking &networking)
{
    return FieldWriter({})
        .textMap("targetLabels", networking.targetLabels)
        .any("targetRefs", listOf(networking.targets, referenceValue))
        .textMap("labels", networking.labels)
        .any("ingress",
             listOf(networking.ingress,
                    [](const IngressAddress &address) {
                        return FieldWriter({}).text("ip", address.ip).text("hostname", address.hostname).finish();
                    }))
        .texts("externalURLs", networking.externalUrls)
        .finish();
}

Value nodeValue(const Node &node)
{
    FieldWriter writer = referenceWriter(node.key, node.version, node.uid);
    writer.any("parentRefs", listOf(node.parents, referenceValue))
        .any("info", listOf(node.info, [](const InfoItem &item) {
                 return FieldWriter({}).text("name", item.name).text("value", item.value).finish();
             }));
    if (node.networking)
        writer.required("networkingInfo", networkingValue(*node.networking));
    writer.text("resourceVersion", node.resourceVersion).texts("images", node.images);
    if (node.health && !node.health->notAssessed)
        writer.required(
            "health",
            FieldWriter({}).text("status", text(node.health->status)).text("message", node.health->message).finish());
    return writer.text("createdAt", node.createdAt).finish();
}

Value hostValue(const Host &host)
{
    return FieldWriter({})
        .text("name", host.name)
        .any("resourcesInfo", listOf(host.resources,
                                     [](const HostResource &resource) {
                                         return FieldWriter({})
                                             .text("resourceName", resource.name)
                                             .integer("requestedByApp", resource.requestedByApp)
                                             .integer("requestedByNeighbors", resource.requestedByNeighbors)
                                             .integer("capacity", resource.capacity)
                                             .finish();
                                     }))
        .any("systemInfo", host.systemInfo)
        .textMap("labels", host.labels)
        .finish();
}

} // namespace

Value toValue(const ApplicationTree &tree)
{
    return FieldWriter({})
        .any("nodes", listOf(tree.nodes, nodeValue))
        .any("orphanedNodes", listOf(tree.orphans, nodeValue))
        .any("hosts", listOf(tree.hosts, hostValue))
        .finish();
}

} // namespace tiphys::tree
