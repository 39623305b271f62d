using System.Text.Json.Nodes;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Api;

/// <summary>
/// Writes of users: what came is read by its kind's schema, completed, checked whole, put into the account of fields, and stored at the version
/// that the user saw.
/// </summary>
/// <param name="objects">The objects.</param>
/// <param name="admissions">The rules that look at every write.</param>
/// <param name="charges">What is written in one with a write, such as what a quota has used.</param>
/// <param name="time">The clock of the account of fields.</param>
public sealed class ObjectWriter(ObjectStore objects, IReadOnlyList<IObjectAdmission> admissions, IReadOnlyList<IObjectCharge> charges, TimeProvider time)
{
    // Charged writes change one object, the quota, and so can only be made one after the other: in line nobody is overtaken again and again.
    readonly SemaphoreSlim chargedTurn = new(1, 1);

    // Two writers of one object at a time are usual, more are not.
    const int PatchAttempts = 8;

    /// <summary>Creates an object.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="inNamespace">The namespace of the path; empty for kinds without.</param>
    /// <param name="decoded">The object, read.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Cancels before the write.</param>
    /// <exception cref="StatusException">It cannot be; says why.</exception>
    public async Task<StoredObject> CreateAsync(ResourceKind kind, string inNamespace, DecodedDocument decoded, WriteOptions options, CancellationToken cancellationToken)
    {
        Tell(decoded, kind, options);
        JsonObject document = decoded.Document;
        CheckType(document, kind);
        var metadata = new Metadata(document);
        if (metadata.ResourceVersion.Length > 0) throw StatusException.BadRequest("resourceVersion should not be set on objects to be created");
        metadata.ManagedFields = null;
        return await InsertAsync(kind, inNamespace, document, options, FieldsOf(kind, options), cancellationToken);
    }

    /// <summary>Writes an object anew.</summary>
    /// <exception cref="StatusException">It cannot be; says why.</exception>
    public async Task<StoredObject> ReplaceAsync(ResourceKind kind, ObjectName name, DecodedDocument decoded, WriteOptions options, CancellationToken cancellationToken)
    {
        Tell(decoded, kind, options);
        CheckType(decoded.Document, kind);
        var metadata = new Metadata(decoded.Document);
        if (metadata.Name.Length > 0 && metadata.Name != name.Name)
            throw StatusException.BadRequest($"the name of the object ({metadata.Name}) does not match the name on the URL ({name.Name})");
        StoredObject current = await objects.GetAsync(kind, name, cancellationToken);
        CheckVersion(kind, current, metadata);
        return await WriteAsync(kind, current, decoded.Document, options, cancellationToken);
    }

    /// <summary>Changes an object by a patch; again, if someone else wrote meanwhile and the patch does not name a version.</summary>
    /// <exception cref="StatusException">It cannot be; says why.</exception>
    public async Task<StoredObject> PatchAsync(ResourceKind kind, ObjectName name, PatchKind form, ReadOnlyMemory<byte> patch, WriteOptions options, CancellationToken cancellationToken)
    {
        JsonNode? changes = JsonBytes.Parse(patch);
        for (int attempt = 0; ; attempt++)
        {
            StoredObject current = await objects.GetAsync(kind, name, cancellationToken);
            JsonObject document = ServedDocument(current, kind);
            DecodedDocument decoded = DocumentReader.Read(Patched(document, changes, form, kind), kind.Schema, kind.IsCustom);
            if (attempt == 0) Tell(decoded, kind, options);
            var metadata = new Metadata(decoded.Document);
            if (metadata.Name != name.Name) throw StatusException.BadRequest("the name of the object cannot be patched");
            CheckVersion(kind, current, metadata);
            try
            {
                return await WriteAsync(kind, current, decoded.Document, options, cancellationToken);
            }
            catch (StatusException e) when (e.Status is { Code: 409, Reason: "Conflict" } && attempt < PatchAttempts && changes.TextAt("metadata", "resourceVersion") is null)
            {
                // Someone was faster: the patch is made to what is there now.
            }
        }
    }

    /// <summary>Applies a configuration, and creates the object where there is none.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="name">The object.</param>
    /// <param name="configuration">The configuration.</param>
    /// <param name="isForced">Whether fields of others are taken from them.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Cancels before the write.</param>
    /// <returns>The object, and whether it is new.</returns>
    /// <exception cref="StatusException">Conflict: others have some of the fields; or it cannot be.</exception>
    public async Task<(StoredObject Object, bool IsNew)> ApplyAsync(
        ResourceKind kind, ObjectName name, ReadOnlyMemory<byte> configuration, bool isForced, WriteOptions options, CancellationToken cancellationToken)
    {
        DecodedDocument decoded = DocumentReader.Read(configuration.Span, kind.Schema, kind.IsCustom);
        Tell(decoded, kind, options);
        CheckType(decoded.Document, kind);
        var metadata = new Metadata(decoded.Document);
        if (metadata.ManagedFields is not null) throw StatusException.BadRequest("metadata.managedFields must be nil");
        if (metadata.Name.Length > 0 && metadata.Name != name.Name) throw StatusException.BadRequest($"the name of the object ({metadata.Name}) does not match the name on the URL ({name.Name})");
        metadata.Name = name.Name;
        if (kind.IsNamespaced) metadata.Namespace = name.Namespace;
        for (int attempt = 0; ; attempt++)
        {
            StoredObject? current = await objects.FindAsync(kind, name, cancellationToken);
            JsonObject? live = current is null ? null : ServedDocument(current, kind);
            JsonObject merged = FieldsOf(kind, options).Apply(live, decoded.Document, options.FieldManager, isForced);
            try
            {
                if (current is null && options.Subresource.Length > 0) throw StatusException.NotFound(kind, name.Name);
                return current is null
                    ? (await InsertAsync(kind, name.Namespace, merged, options, fields: null, cancellationToken), true)
                    : (await WriteAsync(kind, current, merged, options, cancellationToken, isApplied: true), false);
            }
            catch (StatusException e) when (e.Status is { Code: 409, Reason: "Conflict" or "AlreadyExists" } && attempt < PatchAttempts && metadata.ResourceVersion.Length == 0)
            {
                // Someone was faster: the configuration is merged into what is there now.
            }
        }
    }

    async Task<StoredObject> InsertAsync(
        ResourceKind kind, string inNamespace, JsonObject document, WriteOptions options, FieldManager? fields, CancellationToken cancellationToken)
    {
        var metadata = new Metadata(document);
        PlaceIn(metadata, kind, inNamespace);
        if (kind.Storage.HasStatus) document.Remove("status");
        fields?.Updated(null, document, options.FieldManager);
        JsonObject stored = await CompleteAsync(kind, document, old: null, options, cancellationToken);
        return await ChargedAsync(kind, stored, old: null, along => objects.CreateAsync(kind, stored, options.IsDryRun, cancellationToken, along), cancellationToken);
    }

    async Task<StoredObject> WriteAsync(
        ResourceKind kind, StoredObject current, JsonObject document, WriteOptions options, CancellationToken cancellationToken, bool isApplied = false)
    {
        JsonObject old = ServedDocument(current, kind);
        KeepOthersParts(kind, document, old, options.Subresource);
        var metadata = new Metadata(document);
        metadata.Keep(new Metadata(old), "uid");
        if (kind.IsNamespaced) metadata.Namespace = current.Name.Namespace;
        SchemaDefaults.Apply(document, kind.Schema);
        // A patch that names the account itself is not heard: it is the server's.
        if (!isApplied)
        {
            metadata.Keep(new Metadata(old), "managedFields");
            FieldsOf(kind, options).Updated(old, document, options.FieldManager);
        }

        JsonObject before = current.ToDocument();
        JsonObject stored = await CompleteAsync(kind, document, before, options, cancellationToken);
        KeepTimes(current, stored);
        return await ChargedAsync(kind, stored, before, along => objects.ReplaceAsync(current, stored, options.IsDryRun, cancellationToken, along), cancellationToken);
    }

    async Task<StoredObject> ChargedAsync(
        ResourceKind kind, JsonObject document, JsonObject? old, Func<IReadOnlyList<ObjectWrite>, ValueTask<StoredObject>> write, CancellationToken cancellationToken)
    {
        if ((await ChargeAsync(kind, document, old, cancellationToken)).Count == 0) return await write([]);
        await chargedTurn.WaitAsync(cancellationToken);
        try
        {
            for (int attempt = 0; ; attempt++)
            {
                IReadOnlyList<ObjectWrite> along = await ChargeAsync(kind, document, old, cancellationToken);
                try
                {
                    return await write(along);
                }
                catch (StatusException e) when (attempt < PatchAttempts && along.Any(one => one.Kind.Plural == e.Status.Kind && one.Name.Name == e.Status.Name))
                {
                    // What is written along was recounted meanwhile, or is gone.
                }
            }
        }
        finally
        {
            chargedTurn.Release();
        }
    }

    async Task<IReadOnlyList<ObjectWrite>> ChargeAsync(ResourceKind kind, JsonObject document, JsonObject? old, CancellationToken cancellationToken)
    {
        List<ObjectWrite> all = [];
        foreach (IObjectCharge charge in charges) all.AddRange(await charge.ChargeAsync(kind.Storage, document, old, cancellationToken));
        return all;
    }

    // A write that changes nothing but the account's times is none.
    static void KeepTimes(StoredObject current, JsonObject document)
    {
        JsonObject old = current.ToDocument();
        JsonArray? before = new Metadata(old).ManagedFields, after = new Metadata(document).ManagedFields;
        if (before is null || after is null || before.Count != after.Count) return;
        for (int i = 0; i < before.Count; i++)
        {
            if (after[i] is not JsonObject now || before[i] is not JsonObject was) return;
            JsonNode? time = now["time"]?.DeepClone();
            now["time"] = was["time"]?.DeepClone();
            if (!JsonNode.DeepEquals(now, was)) now["time"] = time;
        }
    }

    // Specification and status are written apart.
    static void KeepOthersParts(ResourceKind kind, JsonObject document, JsonObject old, string subresource)
    {
        if (!kind.Storage.HasStatus) return;
        string[] kept = subresource == "status" ? [.. document.Concat(old).Select(static member => member.Key).Distinct().Where(static name => name is not ("metadata" or "status"))] : ["status"];
        foreach (string name in kept)
        {
            if (old[name] is { } value) document[name] = value.DeepClone();
            else document.Remove(name);
        }
    }

    async Task<JsonObject> CompleteAsync(ResourceKind kind, JsonObject document, JsonObject? old, WriteOptions options, CancellationToken cancellationToken)
    {
        SchemaDefaults.Apply(document, kind.Schema);
        JsonObject stored = kind.ToStored?.Invoke(document) ?? document;
        kind.Storage.Complete?.Invoke(stored);
        foreach (IObjectAdmission admission in admissions) await admission.AdmitAsync(kind.Storage, stored, old, cancellationToken);
        if (options.Admission is { } ofWriter) await ofWriter.AdmitAsync(kind.Storage, stored, old, cancellationToken);
        var faults = new FaultList();
        MetadataCheck.Check(stored, kind, faults);
        new SchemaCheck(faults, isEmptyMissing: !kind.Storage.IsCustom).Check(stored, kind.Storage.Schema);
        kind.Storage.Validate?.Invoke(stored, old, faults);
        Fault[] distinct = [.. faults.Faults.DistinctBy(static fault => (fault.Field, fault.Reason))];
        if (distinct.Length > 0) throw StatusException.Invalid(kind, new Metadata(document).Name, distinct);
        foreach (string warning in kind.Storage.Warnings?.Invoke(stored) ?? []) options.Warn(warning);
        return stored;
    }

    static void PlaceIn(Metadata metadata, ResourceKind kind, string inNamespace)
    {
        if (kind.IsNamespaced && metadata.Namespace.Length > 0 && metadata.Namespace != inNamespace)
            throw StatusException.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        metadata.Namespace = kind.IsNamespaced ? inNamespace : "";
    }

    static void CheckType(JsonObject document, ResourceKind kind)
    {
        string version = document.TextAt("apiVersion") ?? kind.GroupVersion.ToString(), name = document.TextAt("kind") ?? kind.Kind;
        if (version != kind.GroupVersion.ToString() || name != kind.Kind)
            throw StatusException.BadRequest($"the API version in the data ({version}, Kind={name}) does not match the expected API version ({kind.GroupVersion}, Kind={kind.Kind})");
    }

    static void CheckVersion(ResourceKind kind, StoredObject current, Metadata metadata)
    {
        if (metadata.Uid.Length > 0 && metadata.Uid != current.Uid)
        {
            throw StatusException.Conflict(
                kind, current.Name.Name, $"Precondition failed: UID in precondition: {metadata.Uid}, UID in object meta: {current.Uid}");
        }

        if (metadata.ResourceVersion.Length > 0 && metadata.ResourceVersion != current.ResourceVersion) throw StatusException.Modified(kind, current.Name.Name);
    }

    static JsonObject Patched(JsonObject document, JsonNode? changes, PatchKind form, ResourceKind kind) => form switch
    {
        PatchKind.Json => JsonPatch.Apply(document, changes) as JsonObject,
        PatchKind.Merge => MergePatch.Apply(document, changes) as JsonObject,
        PatchKind.Strategic when changes is JsonObject patch => StrategicPatch.Apply(document, patch, kind.Schema),
        PatchKind.Strategic => null,
        _ => throw new InvalidOperationException($"patch form {form}"),
    } ?? throw StatusException.BadRequest("error decoding patch: it does not make an object");

    static void Tell(DecodedDocument decoded, ResourceKind kind, WriteOptions options)
    {
        if (decoded.Faults.Count > 0) throw StatusException.Invalid(kind, new Metadata(decoded.Document).Name, [.. decoded.Faults]);
        if (decoded.Oddities.Count == 0 || options.Validation is FieldValidation.Ignore) return;
        if (options.Validation is FieldValidation.Strict)
        {
            throw StatusException.BadRequest(
                $"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: strict decoding error: {string.Join(", ", decoded.Oddities)}");
        }

        foreach (string oddity in decoded.Oddities) options.Warn(oddity);
    }

    static JsonObject ServedDocument(StoredObject stored, ResourceKind kind) => kind.FromStored is { } convert
        ? Typed(convert(stored.ToDocument()), kind)
        : stored.ToDocument();

    static JsonObject Typed(JsonObject document, ResourceKind kind)
    {
        document["apiVersion"] = kind.GroupVersion.ToString();
        document["kind"] = kind.Kind;
        return document;
    }

    FieldManager FieldsOf(ResourceKind kind, WriteOptions options) => new(kind, options.Subresource, time.GetUtcNow());
}
