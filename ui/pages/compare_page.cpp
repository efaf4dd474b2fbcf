// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_page.h"

#include "models/comparison_text.h"
#include "models/text.h"
#include "ui/delegates/compare_delegate.h"
#include "ui/settings.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/diff_pane.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/list_view.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QComboBox>
#include <QCompleter>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPointer>
#include <QPushButton>
#include <QSaveFile>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

QComboBox *revisionBox(const QString &name, QWidget *parent)
{
    auto *box = new QComboBox(parent);
    box->setEditable(true);
    box->setInsertPolicy(QComboBox::NoInsert);
    box->setAccessibleName(name);
    box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    box->setMinimumContentsLength(12);
    box->completer()->setFilterMode(Qt::MatchContains);
    box->completer()->setCompletionMode(QCompleter::PopupCompletion);
    return box;
}

/// The revision that an entry of the box names, or what was typed.
QString revisionOf(const QComboBox *box)
{
    const int found = box->findText(box->currentText());
    return found >= 0 && box->itemData(found).isValid() ? box->itemData(found).toString() : box->currentText().trimmed();
}

void offer(QComboBox *box, const service::RevisionChoices &choices)
{
    const QString typed = box->currentText();
    box->clear();
    for (const std::string &branch : choices.branches)
        box->addItem(models::text(branch));
    for (const std::string &tag : choices.tags)
        box->addItem(models::text(tag));
    for (const service::CommitSummary &commit : choices.commits)
        box->addItem(models::commitText(commit), models::text(commit.revision));
    box->setEditText(typed);
}

QString sideTitle(const service::ComparedSide &side)
{
    if (side.commit.revision.empty())
        return side.requested.empty() ? ComparePage::tr("working tree") : models::text(side.requested);
    return models::text(side.requested) + u" · "_s + models::commitText(side.commit);
}

} // namespace

ComparePage::ComparePage(UiContext context, QWidget *parent)
    : Page(std::move(context), parent), m_repository(new QComboBox(this)), m_a(revisionBox(tr("Revision A"), this)),
      m_b(revisionBox(tr("Revision B"), this)), m_mode(new QComboBox(this)), m_swap(new QToolButton(this)),
      m_compare(new QPushButton(tr("Compare", "verb"), this)), m_summary(new TextLabel(TextLabel::Rank::Body, {}, this)),
      m_grouping(new QComboBox(this)), m_export(new QToolButton(this)), m_verify(new QToolButton(this)), m_unmatched(new Banner(this)), m_missing(new Banner(this)), m_verdict(new Banner(this)), m_stack(new QStackedWidget(this)),
      m_empty(new EmptyPane(this)), m_view(new BranchView(this)), m_model(new models::ComparisonTree(this)),
      m_diff(new DiffText(m_context.settings, this))
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4 * u, 0, 0);
    column->setSpacing(2 * u);
    column->addWidget(buildInputs());
    column->addWidget(new Line(Qt::Horizontal, this));
    m_stack->addWidget(buildResults());
    m_stack->addWidget(m_empty);
    column->addWidget(m_stack, 1);
    m_empty->set(tr("What does a change do to the manifests?"),
                 tr("Choose a repository and two revisions. Every application in it is rendered at both and compared, without a cluster."),
                 tr("Pick a repository…"));
    m_stack->setCurrentWidget(m_empty);
    connect(m_empty, &EmptyPane::actionTriggered, this, [this] { m_isRunning ? cancel() : chooseFolder(); });
    connect(m_missing, &Banner::actionTriggered, this, [this] { run(service::Fetching::WhenMissing); });
    setMode(Mode::TwoRevisions);
    updateButton();
}

QWidget *ComparePage::buildInputs()
{
    const int u = unit(this);
    auto *inputs = new QWidget(this);
    auto *column = new QVBoxLayout(inputs);
    column->setContentsMargins(6 * u, 0, 6 * u, u);
    column->setSpacing(2 * u);
    column->addWidget(new TextLabel(TextLabel::Rank::Title, title(), inputs));
    auto *first = new QHBoxLayout;
    first->setSpacing(2 * u);
    m_repository->setEditable(true);
    m_repository->setInsertPolicy(QComboBox::NoInsert);
    m_repository->setAccessibleName(tr("Repository"));
    m_repository->addItems(m_context.settings.recentRepositories());
    m_repository->setCurrentIndex(-1);
    m_repository->lineEdit()->setPlaceholderText(tr("Folder, bare repository or file:// address"));
    auto *folder = new QToolButton(inputs);
    folder->setIcon(icon(u"folder"_s));
    folder->setToolTip(tr("Choose a folder"));
    folder->setAccessibleName(folder->toolTip());
    m_mode->addItem(tr("Two revisions (A..B)"));
    m_mode->addItem(tr("Review a branch (A...B, from the merge base)"));
    m_mode->addItem(tr("Working tree against A"));
    m_mode->setAccessibleName(tr("What to compare"));
    auto *label = new QLabel(tr("&Repository"), inputs);
    label->setBuddy(m_repository);
    first->addWidget(label);
    first->addWidget(m_repository, 1);
    first->addWidget(folder);
    first->addWidget(m_mode);
    column->addLayout(first);
    auto *second = new QHBoxLayout;
    second->setSpacing(2 * u);
    auto *labelA = new QLabel(tr("&A"), inputs);
    labelA->setBuddy(m_a);
    auto *labelB = new QLabel(tr("&B"), inputs);
    labelB->setBuddy(m_b);
    m_swap->setIcon(icon(u"swap"_s));
    m_swap->setToolTip(tr("Swap A and B"));
    m_swap->setAccessibleName(m_swap->toolTip());
    m_swap->setAutoRaise(true);
    makePrimary(m_compare);
    second->addWidget(labelA);
    second->addWidget(m_a, 1);
    second->addWidget(m_swap);
    second->addWidget(labelB);
    second->addWidget(m_b, 1);
    second->addWidget(m_compare);
    column->addLayout(second);
    connect(folder, &QToolButton::clicked, this, &ComparePage::chooseFolder);
    connect(m_repository->lineEdit(), &QLineEdit::editingFinished, this, &ComparePage::loadRevisions);
    connect(m_repository, &QComboBox::activated, this, &ComparePage::loadRevisions);
    connect(m_mode, &QComboBox::currentIndexChanged, this, [this] { setMode(mode()); });
    connect(m_swap, &QToolButton::clicked, this, [this] {
        const QString a = m_a->currentText();
        m_a->setEditText(m_b->currentText());
        m_b->setEditText(a);
    });
    for (QComboBox *box : {m_repository, m_a, m_b})
        connect(box, &QComboBox::editTextChanged, this, &ComparePage::updateButton);
    connect(m_compare, &QPushButton::clicked, this, [this] { run(); });
    return inputs;
}

QWidget *ComparePage::buildResults()
{
    const int u = unit(this);
    auto *results = new QWidget(this);
    auto *column = new QVBoxLayout(results);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(u);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(6 * u, 0, 6 * u, u);
    row->setSpacing(2 * u);
    row->addWidget(m_summary, 1);
    m_grouping->addItem(tr("By application"));
    m_grouping->addItem(tr("By kind"));
    m_grouping->addItem(tr("By identical change"));
    m_grouping->setAccessibleName(tr("Arrangement"));
    row->addWidget(m_grouping);
    m_verify->setText(tr("Verify with tools"));
    m_verify->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_verify->setFocusPolicy(Qt::StrongFocus);
    connect(m_verify, &QToolButton::clicked, this, &ComparePage::verify);
    row->addWidget(m_verify);
    auto *menu = new QMenu(m_export);
    menu->addAction(tr("Copy as patch"), this, [this] { QApplication::clipboard()->setText(models::patchOf(*m_comparison)); Q_EMIT noticed(tr("Copied the patch.")); });
    menu->addAction(tr("Copy as Markdown"), this, [this] { QApplication::clipboard()->setText(models::markdownOf(*m_comparison)); Q_EMIT noticed(tr("Copied Markdown for a pull request.")); });
    menu->addSeparator();
    menu->addAction(tr("Save patch…"), this, [this] { saveAs(models::patchOf(*m_comparison), u"patch"_s); });
    menu->addAction(tr("Save Markdown…"), this, [this] { saveAs(models::markdownOf(*m_comparison), u"md"_s); });
    m_export->setText(tr("Export"));
    m_export->setMenu(menu);
    m_export->setPopupMode(QToolButton::InstantPopup);
    m_export->setToolButtonStyle(Qt::ToolButtonTextOnly);
    row->addWidget(m_export);
    column->addLayout(row);
    auto *strip = new QVBoxLayout;
    strip->setContentsMargins(6 * u, 0, 6 * u, u);
    strip->setSpacing(u);
    for (Banner *banner : {m_missing, m_verdict, m_unmatched})
        strip->addWidget(banner);
    column->addLayout(strip);
    column->addWidget(new Line(Qt::Horizontal, results));
    auto *split = new QSplitter(Qt::Horizontal, results);
    split->setHandleWidth(1);
    split->setChildrenCollapsible(false);
    setUpListView(m_view);
    m_view->setHeaderHidden(true);
    m_view->setRootIsDecorated(true);
    m_view->setItemsExpandable(true);
    m_view->setModel(m_model);
    m_view->setItemDelegate(new CompareDelegate(m_view));
    m_view->setAccessibleName(tr("Applications and resources that differ"));
    split->addWidget(m_view);
    split->addWidget(m_diff);
    split->setStretchFactor(1, 1);
    split->setSizes({76 * u, 200 * u});
    column->addWidget(split, 1);
    connect(m_grouping, &QComboBox::currentIndexChanged, this, &ComparePage::regroup);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &ComparePage::showCurrent);
    connect(m_diff, &DiffText::leftBehind, this, [this](int direction) {
        const QModelIndex next = direction > 0 ? m_view->indexBelow(m_view->currentIndex()) : m_view->indexAbove(m_view->currentIndex());
        if (!next.isValid())
            return;
        m_view->setCurrentIndex(next);
        if (m_model->diffAt(next))
            m_diff->walk(direction);
    });
    const auto walk = [this](const QKeySequence &keys, int direction) {
        auto *action = new QAction(this);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, [this, direction] { m_diff->walk(direction); });
        addAction(action);
    };
    walk(QKeySequence(Qt::Key_F7), 1);
    walk(QKeySequence(Qt::SHIFT | Qt::Key_F7), -1);
    return results;
}

QString ComparePage::title() const
{
    return tr("Compare", "noun: the page");
}

QList<QWidget *> ComparePage::panes()
{
    if (m_comparison)
        return {m_view, m_diff, m_repository};
    return {m_repository};
}

ComparePage::Mode ComparePage::mode() const
{
    return static_cast<Mode>(m_mode->currentIndex());
}

void ComparePage::setMode(Mode mode)
{
    m_mode->setCurrentIndex(static_cast<int>(mode));
    const bool hasB = mode != Mode::WorkingTree;
    m_b->setEnabled(hasB);
    m_swap->setEnabled(hasB);
    m_b->lineEdit()->setPlaceholderText(hasB ? tr("Branch, tag or commit") : tr("the working tree"));
    m_a->lineEdit()->setPlaceholderText(mode == Mode::Branch ? tr("Base, for instance main") : tr("Branch, tag or commit"));
    updateButton();
}

void ComparePage::show(const Location &location)
{
    const bool isAgain = location == m_location;
    Page::show(location);
    const QMap<QString, QString> &options = location.options;
    if (!options.contains(u"repo"_s) || isAgain)
        return;
    m_repository->setEditText(options.value(u"repo"_s));
    m_a->setEditText(options.value(u"a"_s));
    m_b->setEditText(options.value(u"b"_s));
    const QString mode = options.value(u"mode"_s);
    setMode(mode == u"branch"_s ? Mode::Branch : (mode == u"tree"_s ? Mode::WorkingTree : Mode::TwoRevisions));
    loadRevisions();
    if (m_compare->isEnabled())
        run();
}

void ComparePage::refresh(bool)
{
    if (m_compare->isEnabled())
        run();
}

void ComparePage::chooseFolder()
{
    auto *dialog = new QFileDialog(this, tr("Choose a repository"));
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &folder) {
        m_repository->setEditText(folder);
        loadRevisions();
    });
    dialog->open();
}

void ComparePage::loadRevisions()
{
    const QString repository = m_repository->currentText().trimmed();
    if (repository.isEmpty() || repository == m_loaded)
        return;
    m_loaded = repository;
    service::whenDone(m_context.service.revisions(models::utf8(repository)), this, [this, repository](const Expected<service::RevisionChoices> &choices) {
        if (repository != m_loaded)
            return;
        if (!choices) {
            m_loaded.clear();
            Q_EMIT noticed(models::sentence(choices.error().text()));
            return;
        }
        offer(m_a, *choices);
        offer(m_b, *choices);
        if (m_b->currentText().isEmpty() && !choices->branches.empty())
            m_b->setEditText(models::text(choices->branches.front()));
        if (m_a->currentText().isEmpty() && choices->commits.size() > 1)
            m_a->setEditText(models::commitText(choices->commits[1]));
    });
}

void ComparePage::updateButton()
{
    QString reason;
    if (m_repository->currentText().trimmed().isEmpty())
        reason = tr("Choose a repository first.");
    else if (m_a->currentText().trimmed().isEmpty())
        reason = tr("Choose revision A first.");
    else if (mode() != Mode::WorkingTree && m_b->currentText().trimmed().isEmpty())
        reason = tr("Choose revision B first.");
    m_compare->setEnabled(reason.isEmpty() && !m_isRunning);
    m_compare->setToolTip(reason);
    const bool hasActs = dynamic_cast<service::ComparisonActs *>(&m_context.service) != nullptr;
    const bool differs = m_comparison && !m_comparison->applications.empty();
    m_verify->setEnabled(hasActs && differs && !m_isRunning && !m_isVerifying);
    m_verify->setToolTip(!differs ? tr("Compare first: the applications that differ are verified.")
                                  : tr("Renders what differs with helm and kustomize of this machine too, and tells whether they agree."));
}

service::CompareRequest ComparePage::request() const
{
    service::CompareRequest request;
    request.repository = models::utf8(m_repository->currentText().trimmed());
    request.a = models::utf8(revisionOf(m_a));
    request.b = mode() == Mode::WorkingTree ? std::string() : models::utf8(revisionOf(m_b));
    request.fromMergeBase = mode() == Mode::Branch;
    return request;
}

void ComparePage::run(service::Fetching fetching)
{
    const service::CompareRequest request = this->request();
    auto *acts = dynamic_cast<service::ComparisonActs *>(&m_context.service);
    m_isRunning = true;
    m_verdict->clear();
    updateButton();
    m_empty->set(tr("Comparing…"), tr("Every application is rendered at both revisions."), acts ? tr("Cancel") : QString());
    m_stack->setCurrentWidget(m_empty);
    m_location.options = {{u"repo"_s, models::text(request.repository)}, {u"a"_s, models::text(request.a)}, {u"b"_s, models::text(request.b)}};
    if (mode() != Mode::TwoRevisions)
        m_location.options.insert(u"mode"_s, mode() == Mode::Branch ? u"branch"_s : u"tree"_s);
    Q_EMIT locationChanged();
    const int asked = ++m_asked;
    if (!acts) {
        service::whenDone(m_context.service.compare(request), this, [this, asked](const Expected<service::ComparisonPtr> &result) {
            if (asked == m_asked)
                showResult(result ? Expected<service::ComparisonAnswer>({*result, {}}) : std::unexpected(result.error()));
        });
        return;
    }
    const QPointer<ComparePage> page(this);
    const auto progress = [page, asked](const std::string &what) {
        if (page && page->m_isRunning && asked == page->m_asked)
            page->m_empty->set(tr("Fetching…"), models::text(what), tr("Cancel"));
    };
    service::whenDone(acts->compareWith(request, fetching, progress), this, [this, asked](const Expected<service::ComparisonAnswer> &result) {
        if (asked == m_asked)
            showResult(result);
    });
}

void ComparePage::cancel()
{
    if (auto *acts = dynamic_cast<service::ComparisonActs *>(&m_context.service))
        acts->cancelComparison();
    ++m_asked; // what it still gives is of no interest
    m_isRunning = false;
    updateButton();
    if (m_comparison)
        m_stack->setCurrentIndex(0);
    else
        m_empty->set(tr("The comparison was cancelled"), tr("Nothing was changed."), tr("Pick another repository…"));
    Q_EMIT noticed(tr("The comparison was cancelled."));
    Q_EMIT settled();
}

void ComparePage::showResult(const Expected<service::ComparisonAnswer> &result)
{
    m_isRunning = false;
    if (!result) {
        m_comparison.reset();
        updateButton();
        m_empty->set(tr("The comparison failed"), models::sentence(result.error().text()), tr("Pick another repository…"));
        m_stack->setCurrentWidget(m_empty);
        Q_EMIT settled();
        return;
    }
    m_comparison = result->comparison;
    updateButton();
    if (result->missing.empty())
        m_missing->clear();
    else
        m_missing->show({Mark::Warning, StatusColor::OutOfSync}, models::missingText(result->missing), tr("Fetch and compare again"));
    m_missing->setToolTip(models::missingList(result->missing));
    m_context.settings.addRecentRepository(m_repository->currentText().trimmed());
    m_summary->setText(models::comparisonText(*m_comparison));
    m_diff->setTitles(sideTitle(m_comparison->a), sideTitle(m_comparison->b));
    showUnmatched();
    regroup();
    if (m_comparison->applications.empty()) {
        m_empty->set(tr("No application differs"), tr("%n application(s) render the same at both revisions.", nullptr, m_comparison->applicationCount)
                                                       + (m_comparison->unmatchedFiles.empty() ? QString() : u'\n' + m_unmatched->text()));
        m_stack->setCurrentWidget(m_empty);
    } else {
        m_stack->setCurrentIndex(0);
        m_view->setFocus();
    }
    Q_EMIT settled();
}

void ComparePage::showUnmatched()
{
    const int unmatched = static_cast<int>(m_comparison->unmatchedFiles.size());
    QStringList files;
    for (const std::string &file : m_comparison->unmatchedFiles)
        files << models::text(file);
    if (unmatched > 0)
        m_unmatched->show({Mark::Warning, StatusColor::OutOfSync}, tr("%n changed file(s) in no application: %1", nullptr, unmatched).arg(files.mid(0, 5).join(u", "_s)));
    else
        m_unmatched->clear();
    m_unmatched->setToolTip(files.join(u'\n'));
}

void ComparePage::verify()
{
    auto *acts = dynamic_cast<service::ComparisonActs *>(&m_context.service);
    if (!acts || !m_verify->isEnabled())
        return;
    m_isVerifying = true;
    updateButton();
    m_verdict->show({Mark::Progressing, StatusColor::Progressing}, tr("helm and kustomize of this machine render the applications that differ…"));
    service::whenDone(acts->verifyWithTools(request()), this, [this, asked = m_asked](const Expected<std::vector<service::ToolVerdict>> &verdicts) {
        m_isVerifying = false;
        updateButton();
        if (asked == m_asked)
            showVerdicts(verdicts);
    });
}

void ComparePage::showVerdicts(const Expected<std::vector<service::ToolVerdict>> &verdicts)
{
    if (!verdicts) {
        m_verdict->show({Mark::Failed, StatusColor::Degraded}, models::sentence(verdicts.error().text()));
        m_verdict->setToolTip({});
        return;
    }
    const bool isUnequal = std::ranges::any_of(*verdicts, [](const service::ToolVerdict &each) { return each.kind == service::ToolVerdict::Kind::Differs; });
    const bool isPartial = std::ranges::any_of(*verdicts, [](const service::ToolVerdict &each) { return each.kind == service::ToolVerdict::Kind::NotAsked; });
    const MarkStyle style = isUnequal   ? MarkStyle{Mark::Failed, StatusColor::Degraded}
                            : isPartial ? MarkStyle{Mark::Warning, StatusColor::OutOfSync}
                                        : MarkStyle{Mark::Synced, StatusColor::Healthy};
    m_verdict->show(style, models::verdictsText(*verdicts));
    m_verdict->setToolTip(models::verdictsList(*verdicts));
    Q_EMIT noticed(m_verdict->text().section(u'\n', 0, 0));
}

void ComparePage::regroup()
{
    m_model->apply(m_comparison, static_cast<models::CompareGrouping>(m_grouping->currentIndex()));
    // A tree of many groups opens at the first one only: the rest is one click away.
    if (m_model->rowCount() <= 200)
        m_view->expandAll();
    const QModelIndex first = m_model->firstResource();
    m_view->setCurrentIndex(first.isValid() ? first : m_model->index(0, 0));
    showCurrent();
}

void ComparePage::showCurrent()
{
    const QModelIndex index = m_view->currentIndex();
    if (const service::ResourceDiff *diff = m_model->diffAt(index)) {
        m_diff->show(*diff);
        return;
    }
    const QString error = m_model->errorAt(index);
    if (error.isEmpty()) {
        m_diff->clear();
        return;
    }
    service::ResourceDiff failed;
    failed.key.kind = models::utf8(tr("Application"));
    failed.key.name = models::utf8(index.data().toString());
    failed.error = models::utf8(error);
    m_diff->show(failed);
}

void ComparePage::saveAs(const QString &text, const QString &suffix)
{
    auto *dialog = new QFileDialog(this, tr("Save the comparison"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, [this, text](const QString &name) {
        QSaveFile file(name);
        const bool isSaved = file.open(QIODevice::WriteOnly) && file.write(text.toUtf8()) >= 0 && file.commit();
        Q_EMIT noticed(isSaved ? tr("Saved %1").arg(name) : tr("Cannot write %1: %2").arg(name, file.errorString()));
    });
    dialog->open();
}

} // namespace tiphys::ui
