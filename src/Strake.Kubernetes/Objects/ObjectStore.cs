using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Kinds;

namespace Strake.Kubernetes.Objects;

/// <summary>
/// The objects: the one place where they are read and written, by the API and by the controllers alike. It keeps the laws of an object's life,
/// whoever writes: names are unique, ids are new, finalizers hold what was deleted, nothing is made in a namespace that is ending.
/// </summary>
/// <remarks>
/// An object's version is the store's revision at its last write. A list is of one revision, and a watch from the next continues it without a gap.
/// <code>
/// kube/core/persistentvolumes/pv-1                      kinds without namespaces
/// kube/core/persistentvolumeclaims/default/data         kinds with
/// kube/storage.k8s.io/storageclasses/gold
/// </code>
/// </remarks>
/// <param name="state">The store below.</param>
/// <param name="time">The clock of creations and deletions.</param>
/// <example>
/// A controller binds both sides at once, or neither:
/// <code>
/// var claim = await objects.GetAsync(Claims, name, cancellationToken);
/// …
/// bool bound = await objects.TryWriteAsync([new(claim, claimDocument), new(volume, volumeDocument)], cancellationToken) is not null;
/// </code>
/// </example>
public sealed class ObjectStore(IStateStore state, TimeProvider time)
{
    const string Root = "kube/";
    const int Attempts = 16;
    const int NameTries = 8;
    const long DefaultGraceSeconds = 30;
    // Without vowels, and what looks like them: no words come of it.
    const string NameLetters = "bcdfghjklmnpqrstvwxz2456789";
    const int NameSuffix = 5;
    const int LongestPrefix = 58;

    // What a write never changes.
    static readonly string[] s_fixedMembers =
        ["name", "namespace", "uid", "creationTimestamp", "deletionGracePeriodSeconds", "generation", "generateName"];

    /// <summary>The revision of the store: the version of a list made now.</summary>
    public long Revision => state.Revision;

    /// <summary>Reads an object. Cheap.</summary>
    /// <returns>The object; null when there is none.</returns>
    public async ValueTask<StoredObject?> FindAsync(ResourceKind kind, ObjectName name, CancellationToken cancellationToken)
    {
        StateEntry? entry = await state.GetAsync(kind.Storage.KeyOf(name), cancellationToken);
        return entry is null ? null : Of(kind, entry);
    }

    /// <summary>Reads an object that has to be there.</summary>
    /// <exception cref="StatusException">NotFound.</exception>
    public async ValueTask<StoredObject> GetAsync(ResourceKind kind, ObjectName name, CancellationToken cancellationToken) =>
        await FindAsync(kind, name, cancellationToken) ?? throw StatusException.NotFound(kind, name.Name);

    /// <summary>Reads all objects of a kind, in a namespace or (null) in all.</summary>
    public async ValueTask<ObjectList> ListAsync(ResourceKind kind, string? inNamespace, CancellationToken cancellationToken)
    {
        StateRange range = await state.RangeAsync(PrefixOf(kind, inNamespace), cancellationToken);
        return new(range.Revision, [.. range.Select(entry => Of(kind, entry))]);
    }

    /// <summary>Reports every change from a revision on, each once, in order, and waits for more.</summary>
    /// <exception cref="StatusException">Expired: the history from there on is forgotten; list anew.</exception>
    public async IAsyncEnumerable<ObjectEvent> WatchAsync(
        ResourceKind kind, string? inNamespace, long fromRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var changes = state.WatchAsync(PrefixOf(kind, inNamespace), fromRevision, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(changes, fromRevision)) yield return Of(kind, changes.Current);
    }

    /// <summary>Reports every change of some kinds from a revision on, each once, in order, and waits for more.</summary>
    /// <exception cref="StatusException">Expired: the history from there on is forgotten; list anew.</exception>
    public async IAsyncEnumerable<ObjectEvent> WatchAsync(
        IReadOnlyCollection<ResourceKind> kinds, long fromRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var changes = state.WatchAsync(Root, fromRevision, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(changes, fromRevision))
        {
            string key = changes.Current.Entry.Key;
            if (kinds.FirstOrDefault(kind => key.StartsWith(kind.KeyPrefix, StringComparison.Ordinal)) is { } kind) yield return Of(kind, changes.Current);
        }
    }

    /// <summary>Reports the names of namespaces that may have to be ended: one was written, or something in it is gone.</summary>
    internal async IAsyncEnumerable<string> WatchEndingsAsync(long fromRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (StateEvent change in state.WatchAsync(Root, fromRevision, cancellationToken))
        {
            string[] parts = change.Entry.Key.Split('/');
            if (change.Entry.Key.StartsWith(NamespaceKind.Kind.KeyPrefix, StringComparison.Ordinal)) yield return parts[^1];
            else if (change.Kind is StateEventKind.Delete && parts.Length == 5) yield return parts[3];
        }
    }

    /// <summary>Reports every change of every kind from a revision on, in order, and waits for more. Of a transaction, the changes come in the order of its writes.</summary>
    /// <param name="kinds">The kinds that there are; asked at each change, for there may be more then.</param>
    /// <param name="fromRevision">The first revision to report.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <exception cref="StatusException">Expired: the history from there on is forgotten; list anew.</exception>
    public async IAsyncEnumerable<ObjectEvent> WatchAllAsync(
        Func<KindCatalog> kinds, long fromRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var changes = state.WatchAsync(Root, fromRevision, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(changes, fromRevision))
            if (kinds().FindStored(changes.Current.Entry.Key) is { } kind) yield return Of(kind, changes.Current);
    }

    /// <summary>Creates an object: gives it an id, a time, and a name where it has only a prefix.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="document">The object, complete and checked but for what the store gives; becomes the store's.</param>
    /// <param name="isDryRun">Whether nothing is really done.</param>
    /// <param name="cancellationToken">Cancels before the write.</param>
    /// <param name="along">What is written in one with it, or else it is not created; null: nothing.</param>
    /// <exception cref="StatusException">
    /// AlreadyExists; NotFound, Forbidden: the namespace is missing, or ending; Conflict: what is to be written along was written since it was read.
    /// </exception>
    public async ValueTask<StoredObject> CreateAsync(
        ResourceKind kind, JsonObject document, bool isDryRun, CancellationToken cancellationToken, IReadOnlyList<ObjectWrite>? along = null)
    {
        var metadata = new Metadata(document);
        GiveIdentity(kind, metadata);
        bool isGenerated = metadata.Name.Length == 0 && metadata.GenerateName.Length > 0;
        for (int attempt = 0; ; attempt++)
        {
            if (isGenerated) metadata.Name = NewName(metadata.GenerateName);
            if (await TryCreateAsync(kind, document, along ?? [], isDryRun, cancellationToken) is { } created) return created;
            if (!isGenerated || attempt == NameTries) throw StatusException.AlreadyExists(kind, metadata.Name);
        }
    }

    /// <summary>Writes an object anew. The last finalizer's going ends one that was deleted.</summary>
    /// <param name="current">The object as the caller read it.</param>
    /// <param name="document">What it is to be; what the server alone may set is put right.</param>
    /// <param name="isDryRun">Whether nothing is really done.</param>
    /// <param name="cancellationToken">Cancels before the write.</param>
    /// <param name="along">What is written in one with it, or else it is not written; null: nothing.</param>
    /// <returns>The object as it is now; the current one when nothing changed; the last state of one that is gone now.</returns>
    /// <exception cref="StatusException">Conflict: it, or what is to be written along, was written since.</exception>
    public async ValueTask<StoredObject> ReplaceAsync(
        StoredObject current, JsonObject document, bool isDryRun, CancellationToken cancellationToken, IReadOnlyList<ObjectWrite>? along = null)
    {
        var transaction = new StateTransaction();
        StoredObject last = current with { Json = ObjectJson.ToStored(document) };
        if (!Plan(transaction, current, document, mayEnd: false, out StoredObject? planned) || isDryRun) return planned ?? last;
        await PlanAlongAsync(transaction, along ?? [], cancellationToken);
        CommitResult result = await state.CommitAsync(transaction, cancellationToken);
        if (result.Succeeded) return (planned ?? last) with { Revision = result.Revision };
        throw OneOf(along ?? [], result.Failed) is { } other ? StatusException.Modified(other.Kind, other.Name.Name) : Refusal(current, result.Failed);
    }

    /// <summary>Writes several objects at one revision, all or none.</summary>
    /// <param name="writes">What is written; each object once. A document with a deletion's time begins the deletion.</param>
    /// <param name="cancellationToken">Cancels before the write.</param>
    /// <returns>The objects as they are now, in the order of the writes, without those that are gone; null: one was not as expected, and nothing was done.</returns>
    /// <exception cref="StatusException">NotFound, Forbidden: the namespace of a new object is missing, or ending.</exception>
    public async ValueTask<IReadOnlyList<StoredObject>?> TryWriteAsync(IReadOnlyList<ObjectWrite> writes, CancellationToken cancellationToken)
    {
        var transaction = new StateTransaction();
        var homes = new HashSet<string>(StringComparer.Ordinal);
        List<(StoredObject Object, bool IsWritten)> after = [];
        bool hasChanges = false;
        foreach (ObjectWrite write in writes)
        {
            StoredObject? current = await FindAsync(write.Kind, write.Name, cancellationToken);
            if ((current?.Revision ?? 0) != write.ExpectedRevision) return null;
            if (current is not null)
            {
                bool isWritten = Plan(transaction, current, write.Document, mayEnd: true, out StoredObject? planned);
                if (planned is not null) after.Add((planned, isWritten));
                hasChanges |= isWritten;
            }
            else if (write.Document is { } document)
            {
                GiveIdentity(write.Kind, new Metadata(document));
                if (write.Kind.IsNamespaced && homes.Add(write.Name.Namespace)) await ExpectNamespaceAsync(transaction, write.Kind, write.Name, cancellationToken);
                byte[] json = ObjectJson.ToStored(document);
                string key = write.Kind.KeyOf(write.Name);
                transaction.ExpectAbsent(key).Put(key, json);
                after.Add((new(write.Kind, write.Name, 0, json), true));
                hasChanges = true;
            }
        }

        if (!hasChanges) return [.. after.Select(static one => one.Object)];
        CommitResult result = await state.CommitAsync(transaction, cancellationToken);
        return result.Succeeded ? [.. after.Select(one => one.IsWritten ? one.Object with { Revision = result.Revision } : one.Object)] : null;
    }

    /// <summary>Reads an object, changes it and writes it, again if someone else wrote meanwhile.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="name">Its name.</param>
    /// <param name="change">Changes the document; pure, for it may be called again. False: leave it.</param>
    /// <param name="cancellationToken">Cancels between attempts.</param>
    /// <returns>The object as it is now.</returns>
    /// <exception cref="StatusException">NotFound; Conflict: others were faster each of many times.</exception>
    public async ValueTask<StoredObject> UpdateAsync(ResourceKind kind, ObjectName name, Func<JsonObject, bool> change, CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            StoredObject current = await GetAsync(kind, name, cancellationToken);
            JsonObject document = current.ToDocument();
            if (!change(document)) return current;
            try
            {
                return await ReplaceAsync(current, document, isDryRun: false, cancellationToken);
            }
            catch (StatusException e) when (e.Status.Code == 409 && attempt < Attempts)
            {
                // Someone was faster: the change is made to what is there now.
            }
        }
    }

    /// <summary>Deletes an object, or marks it where finalizers or its time to end hold it.</summary>
    /// <exception cref="StatusException">NotFound; Conflict: it is not the one that the deletion is for.</exception>
    public async ValueTask<DeletionResult> DeleteAsync(ResourceKind kind, ObjectName name, Deletion deletion, CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            StoredObject current = await GetAsync(kind, name, cancellationToken);
            CheckPreconditions(current, deletion);
            JsonObject document = current.ToDocument();
            bool isHeldAnew = deletion.Propagation is { } propagation && Hold(new Metadata(document), propagation);
            long grace = GraceOf(kind.Storage, document, deletion);
            var transaction = new StateTransaction();
            bool isGone = !IsHeld(kind.Storage, document) && grace == 0;
            StoredObject after = current;
            if (isGone) Remove(transaction, current);
            else if (!Mark(document, grace, current, out after) && !isHeldAnew) return new(current, IsGone: false);
            else Write(transaction, current, after.Json);
            if (deletion.IsDryRun) return new(after, isGone);
            CommitResult result = await state.CommitAsync(transaction, cancellationToken);
            if (result.Succeeded) return new(after with { Revision = result.Revision }, isGone);
            if (attempt == Attempts) throw StatusException.Modified(kind, name.Name);
        }
    }

    /// <summary>What a document would be in the store, with the version that it has.</summary>
    internal static StoredObject Of(ResourceKind kind, StateEntry entry) =>
        new(kind.Storage, kind.Storage.NameOf(entry.Key), entry.ModRevision, entry.Value);

    static ObjectEvent Of(ResourceKind kind, StateEvent change)
    {
        StoredObject? previous = change.Previous is { } before ? Of(kind, before) : null;
        return change.Kind is StateEventKind.Delete
            ? new(ObjectEventKind.Deleted, previous! with { Revision = change.Revision }, previous)
            : new(previous is null ? ObjectEventKind.Added : ObjectEventKind.Modified, Of(kind, change.Entry), previous);
    }

    static string PrefixOf(ResourceKind kind, string? inNamespace) =>
        inNamespace is null || !kind.IsNamespaced ? kind.Storage.KeyPrefix : $"{kind.Storage.KeyPrefix}{inNamespace}/";

    static async ValueTask<bool> NextAsync(IAsyncEnumerator<StateEvent> changes, long from)
    {
        try
        {
            return await changes.MoveNextAsync();
        }
        catch (StrakeException e) when (e.Kind is ErrorKind.Exhausted)
        {
            throw StatusException.Expired($"too old resource version: {from - 1}");
        }
    }

    async ValueTask<StoredObject?> TryCreateAsync(
        ResourceKind kind, JsonObject document, IReadOnlyList<ObjectWrite> along, bool isDryRun, CancellationToken cancellationToken)
    {
        var metadata = new Metadata(document);
        var name = new ObjectName(kind.IsNamespaced ? metadata.Namespace : "", metadata.Name);
        string key = kind.Storage.KeyOf(name);
        byte[] json = ObjectJson.ToStored(document);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            var transaction = new StateTransaction().ExpectAbsent(key).Put(key, json);
            if (kind.IsNamespaced) await ExpectNamespaceAsync(transaction, kind, name, cancellationToken);
            await PlanAlongAsync(transaction, along, cancellationToken);
            if (isDryRun) return await state.GetAsync(key, cancellationToken) is null ? new(kind.Storage, name, 0, json) : null;
            CommitResult result = await state.CommitAsync(transaction, cancellationToken);
            if (result.Succeeded) return new(kind.Storage, name, result.Revision, json);
            if (result.Failed.Key == key) return null;
            if (OneOf(along, result.Failed) is { } other) throw StatusException.Modified(other.Kind, other.Name.Name);
        }

        throw StatusException.Conflict(kind, name.Name, $"the namespace {name.Namespace} kept changing");
    }

    // In the transaction itself: an object made while its namespace is being emptied would stay behind, in a namespace that is no more.
    async ValueTask ExpectNamespaceAsync(StateTransaction transaction, ResourceKind kind, ObjectName name, CancellationToken cancellationToken)
    {
        ResourceKind namespaces = NamespaceKind.Kind;
        StoredObject home = await GetAsync(namespaces, new("", name.Namespace), cancellationToken);
        if (ObjectJson.MetadataText(home.Json.Span, "deletionTimestamp"u8) is not null)
            throw StatusException.Forbidden(kind, name.Name, $"unable to create new content in namespace {name.Namespace} because it is being terminated");
        transaction.Expect(namespaces.KeyOf(home.Name), home.Revision);
    }

    void GiveIdentity(ResourceKind kind, Metadata metadata)
    {
        metadata.Uid = NewUid();
        metadata.CreationTimestamp = Now();
        metadata.DeletionTimestamp = "";
        if (kind.Storage.HasGeneration) metadata.Generation = 1;
        else metadata.Json.Remove("generation");
    }

    // Whether there is anything to do: what was planned stands in the transaction then. The object as it will be; null: it goes.
    static bool Plan(StateTransaction transaction, StoredObject current, JsonObject? document, bool mayEnd, out StoredObject? planned)
    {
        planned = null;
        if (document is null)
        {
            Remove(transaction, current);
            return true;
        }

        JsonObject before = current.ToDocument();
        var old = new Metadata(before);
        var metadata = new Metadata(document);
        foreach (string fixedMember in s_fixedMembers) metadata.Keep(old, fixedMember);
        if (!mayEnd || old.IsDeleting) metadata.Keep(old, "deletionTimestamp");
        if (current.Kind.HasGeneration && !JsonNode.DeepEquals(before["spec"], document["spec"])) metadata.Generation = old.Generation + 1;
        if (metadata.IsDeleting && !IsHeld(current.Kind, document) && (metadata.Json.NumberAt("deletionGracePeriodSeconds") ?? 0) == 0)
        {
            Remove(transaction, current);
            return true;
        }

        byte[] json = ObjectJson.ToStored(document);
        if (json.AsSpan().SequenceEqual(current.Json.Span) || JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(current.Json.Span)))
        {
            planned = current;
            return false;
        }

        planned = current with { Json = json };
        Write(transaction, current, json);
        return true;
    }

    static void Write(StateTransaction transaction, StoredObject current, ReadOnlyMemory<byte> json)
    {
        string key = current.Kind.KeyOf(current.Name);
        transaction.Expect(key, current.Revision).Put(key, json);
    }

    static void Remove(StateTransaction transaction, StoredObject current)
    {
        string key = current.Kind.KeyOf(current.Name);
        transaction.Expect(key, current.Revision).Delete(key);
    }

    async ValueTask PlanAlongAsync(StateTransaction transaction, IReadOnlyList<ObjectWrite> writes, CancellationToken cancellationToken)
    {
        foreach (ObjectWrite write in writes)
        {
            StoredObject current = await GetAsync(write.Kind, write.Name, cancellationToken);
            if (current.Revision != write.ExpectedRevision) throw StatusException.Modified(write.Kind, write.Name.Name);
            Plan(transaction, current, write.Document, mayEnd: false, out _);
        }
    }

    static ObjectWrite? OneOf(IReadOnlyList<ObjectWrite> writes, FailedExpectation failed) =>
        writes.FirstOrDefault(write => write.Kind.KeyOf(write.Name) == failed.Key);

    static StatusException Refusal(StoredObject current, FailedExpectation failed) =>
        failed.Current is null ? StatusException.NotFound(current.Kind, current.Name.Name) : StatusException.Modified(current.Kind, current.Name.Name);

    static bool IsHeld(ResourceKind kind, JsonObject document) =>
        new Metadata(document).Finalizers.Count > 0 || kind.IsHeld?.Invoke(document) is true;

    // Who has not begun to run, or has ended, needs no time to end.
    static long GraceOf(ResourceKind kind, JsonObject document, Deletion deletion)
    {
        if (!kind.EndsGracefully || string.IsNullOrEmpty(document.TextAt("spec", "nodeName"))) return 0;
        if (document.TextAt("status", "phase") is "Succeeded" or "Failed") return 0;
        return Math.Max(0, deletion.GracePeriodSeconds ?? document.NumberAt("spec", "terminationGracePeriodSeconds") ?? DefaultGraceSeconds);
    }

    // Who waits for what belongs to the object is held by a finalizer, which the collector of garbage takes away. False: nothing changes.
    static bool Hold(Metadata metadata, Propagation propagation)
    {
        string? wanted = propagation switch
        {
            Propagation.Background => null,
            Propagation.Foreground => Deletion.ForegroundFinalizer,
            Propagation.Orphan => Deletion.OrphanFinalizer,
            _ => throw new InvalidOperationException($"propagation {propagation}"),
        };
        string[] others = [.. metadata.Finalizers.Where(static one => one is not (Deletion.ForegroundFinalizer or Deletion.OrphanFinalizer))];
        string[] after = wanted is null ? others : [.. others, wanted];
        if (metadata.Finalizers.SequenceEqual(after)) return false;
        if (after.Length == 0) metadata.Json.Remove("finalizers");
        else metadata.Json["finalizers"] = new JsonArray([.. after.Select(static one => (JsonNode?)JsonValue.Create(one))]);
        return true;
    }

    // False: it is marked already, and has no less time now.
    bool Mark(JsonObject document, long grace, StoredObject current, out StoredObject after)
    {
        var metadata = new Metadata(document);
        bool isMarked = metadata.IsDeleting && (metadata.Json.NumberAt("deletionGracePeriodSeconds") ?? 0) <= grace;
        after = current with { Json = ObjectJson.ToStored(document) };
        if (isMarked) return false;
        metadata.DeletionTimestamp = ApiTime.Text(time.GetUtcNow().AddSeconds(grace));
        metadata.Json["deletionGracePeriodSeconds"] = grace;
        current.Kind.OnDeleting?.Invoke(document);
        after = current with { Json = ObjectJson.ToStored(document) };
        return true;
    }

    static void CheckPreconditions(StoredObject current, Deletion deletion)
    {
        if (deletion.Uid is { } uid && uid != current.Uid)
        {
            throw StatusException.Conflict(
                current.Kind, current.Name.Name, $"the UID in the precondition ({uid}) does not match the UID in record ({current.Uid}). The object might have been deleted and then recreated");
        }

        if (deletion.ResourceVersion is { } version && version != current.ResourceVersion)
        {
            throw StatusException.Conflict(
                current.Kind, current.Name.Name,
                $"the ResourceVersion in the precondition ({version}) does not match the ResourceVersion in record ({current.ResourceVersion}). The object might have been modified");
        }
    }

    string Now() => ApiTime.Text(time.GetUtcNow());

    static string NewUid()
    {
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        // RFC 9562: version 4, variant 1.
        random[6] = (byte)((random[6] & 0x0f) | 0x40);
        random[8] = (byte)((random[8] & 0x3f) | 0x80);
        return new Guid(random, bigEndian: true).ToString();
    }

    static string NewName(string prefix)
    {
        if (prefix.Length > LongestPrefix) prefix = prefix[..LongestPrefix];
        return prefix + RandomNumberGenerator.GetString(NameLetters, NameSuffix);
    }
}
