// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/palette_list.h"
#include "support/recorded_service.h"

#include <QAbstractItemModelTester>
#include <QTest>

#include <memory>

using namespace tiphys;
using namespace Qt::StringLiterals;
using models::PaletteEntry;
using models::PaletteList;

namespace {

models::PaletteContents contents()
{
    models::PaletteContents contents;
    contents.entries = {{PaletteEntry::Kind::Command, u"Refresh"_s, u"F5"_s, u"refresh"_s, {}, 0},
                        {PaletteEntry::Kind::Thing, u"Deployment web"_s, u"Healthy"_s, u"list"_s, {}, 1}};
    service::ApplicationsSnapshot applications;
    for (const char *name : {"billing", "shop"}) {
        service::AppRow row =
            test::appRow("prod-eu", name, service::HealthStatus::Healthy, service::SyncStatus::Synced);
        row.images = {"registry.example.com/" + std::string(name) + "-api:2.4.1"};
        row.revision = std::string(name) == "shop" ? "3f2c1ab0000000000000000000000000000000aa"
                                                   : "91d0e770000000000000000000000000000000bb";
        row.commit = {row.revision, std::string(name) == "shop" ? "raise the limits" : "tune the database", "Ada",
                      test::kNow};
        applications.rows.push_back(std::make_shared<service::AppRow>(row));
    }
    contents.applications = std::make_shared<service::ApplicationsSnapshot>(applications);
    service::RolloutsSnapshot rollouts;
    rollouts.rows.push_back(std::make_shared<service::RolloutRow>(test::rolloutRow("prod-eu", "checkout")));
    contents.rollouts = std::make_shared<service::RolloutsSnapshot>(rollouts);
    return contents;
}

} // namespace

class PaletteTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void thingsOfThePageAreFoundButNotListed()
    {
        PaletteList list;
        QAbstractItemModelTester tester(&list, QAbstractItemModelTester::FailureReportingMode::Fatal);
        list.setContents(contents());
        QCOMPARE(list.rowCount(), 1);
        QCOMPARE(list.entryAt(0).title, u"Refresh"_s);
        list.setQuery(u"web"_s);
        QVERIFY(list.rowCount() > 0);
        QCOMPARE(list.entryAt(0).title, u"Deployment web"_s);
        QCOMPARE(list.entryAt(0).command, 1);
    }

    void rolloutsAreFound()
    {
        PaletteList list;
        list.setContents(contents());
        list.setQuery(u"chkout"_s);
        QCOMPARE(list.rowCount(), 1);
        QCOMPARE(list.entryAt(0).kind, PaletteEntry::Kind::Rollout);
        QCOMPARE(list.entryAt(0).rollout, (service::RolloutId{"prod-eu", "shop", "checkout"}));
        QVERIFY2(list.entryAt(0).detail.startsWith(u"Rollout"_s), qPrintable(list.entryAt(0).detail));
    }

    void applicationsAreFoundByImageAndCommit()
    {
        PaletteList list;
        list.setContents(contents());
        for (const auto &[query, why] :
             {std::pair{u"BILLING-API:2.4"_s, u"registry.example.com/billing-api:2.4.1"_s},
              std::pair{u"91d0e77"_s, u"91d0e77 tune the database"_s}, std::pair{u"the database"_s, u"91d0e77"_s}}) {
            list.setQuery(query);
            QCOMPARE(list.rowCount(), 1);
            QCOMPARE(list.entryAt(0).title, u"billing"_s);
            QVERIFY2(list.entryAt(0).detail.startsWith(why), qPrintable(list.entryAt(0).detail));
        }
        list.setQuery(u"91d0e78"_s);
        QCOMPARE(list.rowCount(), 0);
    }

    void whatWasOpenedComesFirst()
    {
        PaletteList list;
        models::PaletteContents known = contents();
        known.recent = {models::placeKey(service::RolloutId{"prod-eu", "shop", "checkout"}),
                        u"tiphys://prod-eu/argocd/gone"_s,
                        models::placeKey(service::AppId{"prod-eu", "argocd", "shop"})};
        list.setContents(known);
        QCOMPARE(list.rowCount(), 3);
        QCOMPARE(list.entryAt(0).title, u"checkout"_s);
        QCOMPARE(list.entryAt(1).title, u"shop"_s);
        QCOMPARE(list.entryAt(2).title, u"Refresh"_s);
    }
};

QTEST_GUILESS_MAIN(PaletteTest)
#include "palette_test.moc"
