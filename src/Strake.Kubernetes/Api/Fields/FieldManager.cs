using System.Globalization;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Schemas;

namespace Strake.Kubernetes.Api;

/// <summary>
/// Keeps account of who wrote which fields (<c>metadata.managedFields</c>), and merges what is applied on the server: fields of the applied
/// configuration are its manager's, those that it no longer has go, those of others are in conflict unless it is forced.
/// </summary>
/// <remarks>The laws are those of Kubernetes' server-side apply (KEP 555) and structured-merge-diff.</remarks>
/// <param name="kind">The kind as which the objects are served.</param>
/// <param name="subresource">The subresource that is written; empty: the object itself.</param>
/// <param name="now">The time of day.</param>
sealed class FieldManager(ResourceKind kind, string subresource, DateTimeOffset now)
{
    const string Update = "Update";
    const string Applied = "Apply";

    // What the server sets, or what names the object: nobody's.
    static readonly string[] s_unmanaged = ["name", "namespace", "creationTimestamp", "selfLink", "uid", "generation", "managedFields", "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds"];

    /// <summary>Takes down who changed what.</summary>
    /// <param name="before">The object before; null: it is new.</param>
    /// <param name="after">The object after; its managed fields are set.</param>
    /// <param name="manager">The writer.</param>
    public void Updated(JsonObject? before, JsonObject after, string manager)
    {
        FieldChanges changes = FieldChanges.Between(before, after, kind.Schema);
        FieldSet written = Managed(changes.Written);
        List<ManagedFields> entries = Read(before);
        var mine = new ManagedFields(manager, Update, kind.GroupVersion.ToString(), subresource, new FieldSet(), "");
        ManagedFields? known = entries.Find(mine.IsSame);
        FieldSet others = written.Union(changes.Removed);
        for (int i = 0; i < entries.Count; i++)
            entries[i] = entries[i].IsSame(mine) ? entries[i] : entries[i] with { Fields = entries[i].Fields.Except(others) };
        FieldSet owned = (known?.Fields ?? new FieldSet()).Except(changes.Removed).Union(written);
        Replace(entries, mine with { Fields = owned }, known);
        Write(after, entries);
    }

    /// <summary>Merges an applied configuration into an object.</summary>
    /// <param name="live">The object as it is; null: it is new.</param>
    /// <param name="applied">The configuration.</param>
    /// <param name="manager">Whose it is.</param>
    /// <param name="isForced">Whether fields of others are taken from them.</param>
    /// <returns>The object as it is to be.</returns>
    /// <exception cref="StatusException">Conflict: others have some of the fields, with other values.</exception>
    public JsonObject Apply(JsonObject? live, JsonObject applied, string manager, bool isForced)
    {
        var entries = Read(live);
        var mine = new ManagedFields(manager, Applied, kind.GroupVersion.ToString(), subresource, new FieldSet(), "");
        ManagedFields? known = entries.Find(mine.IsSame);
        FieldSet wanted = Managed(FieldSet.Of(applied, kind.Schema));
        FieldSet changing = live is null ? new FieldSet() : FieldChanges.Between(live, applied, kind.Schema).Written.Intersect(wanted);
        var conflicts = new List<(ManagedFields Owner, FieldSet Fields)>();
        for (int i = 0; i < entries.Count; i++)
        {
            FieldSet contested = entries[i].IsSame(mine) ? new FieldSet() : entries[i].Fields.Intersect(changing);
            if (contested.IsEmpty) continue;
            conflicts.Add((entries[i], contested));
            entries[i] = entries[i] with { Fields = entries[i].Fields.Except(contested) };
        }

        if (conflicts.Count > 0 && !isForced) throw Refuse(conflicts);
        JsonObject merged = live is null ? (JsonObject)applied.DeepClone() : (JsonObject)Merge(live, applied, kind.Schema)!;
        if (known is not null)
        {
            FieldSet held = entries.Where(entry => !entry.IsSame(mine)).Aggregate(wanted, static (all, entry) => all.Union(entry.Fields));
            Prune(merged, known.Fields.Except(held), held, kind.Schema);
        }

        Replace(entries, mine with { Fields = wanted }, known);
        Write(merged, entries);
        return merged;
    }

    // Which places are someone's at all.
    FieldSet Managed(FieldSet all)
    {
        var nobodys = new FieldSet();
        nobodys.Add("f:apiVersion");
        nobodys.Add("f:kind");
        foreach (string member in s_unmanaged) nobodys.Add("f:metadata", PathElement.OfField(member));
        if (kind.Storage.HasStatus && subresource.Length == 0) nobodys.Add("f:status");
        return all.Without(nobodys);
    }

    void Replace(List<ManagedFields> entries, ManagedFields mine, ManagedFields? known)
    {
        // Who changes nothing writes nothing: the time says when the fields changed.
        string time = known is not null && known.Fields.Equals(mine.Fields) ? known.Time : ApiTime.Text(now);
        int at = known is null ? entries.Count : entries.FindIndex(mine.IsSame);
        if (known is not null) entries.RemoveAt(at);
        entries.Insert(at, mine with { Time = time });
    }

    static JsonNode? Merge(JsonNode? live, JsonNode? applied, Schema schema)
    {
        if (applied is null) return live?.DeepClone();
        if (live is null || !schema.IsGranular) return applied.DeepClone();
        return (live, applied) switch
        {
            (JsonObject mine, JsonObject theirs) => MergeMembers(mine, theirs, schema),
            (JsonArray mine, JsonArray theirs) => MergeItems(mine, theirs, schema),
            _ => applied.DeepClone(),
        };
    }

    static JsonObject MergeMembers(JsonObject live, JsonObject applied, Schema schema)
    {
        var merged = (JsonObject)live.DeepClone();
        foreach ((string name, JsonNode? value) in applied)
            merged[name] = schema.Under(name) is { } below ? Merge(live[name], value, below) : value?.DeepClone();
        return merged;
    }

    static JsonArray MergeItems(JsonArray live, JsonArray applied, Schema schema)
    {
        var merged = (JsonArray)live.DeepClone();
        foreach (JsonNode? item in applied)
        {
            string element = PathElement.OfItem(item, schema);
            int at = 0;
            while (at < merged.Count && PathElement.OfItem(merged[at], schema) != element) at++;
            if (at == merged.Count) merged.Add(item?.DeepClone());
            else merged[at] = Merge(merged[at], item, schema.Items!);
        }

        return merged;
    }

    // What was applied once, is applied no more, and is nobody else's.
    static void Prune(JsonNode? value, FieldSet dropped, FieldSet held, Schema schema)
    {
        foreach ((string element, FieldSet below) in dropped.Children)
        {
            held.Children.TryGetValue(element, out FieldSet? heldBelow);
            (JsonNode? member, Schema? under) = FieldStep.Take(value, schema, element);
            if (member is null || under is null) continue;
            if (below.IsMember && heldBelow is null)
            {
                FieldStep.Remove(value, schema, element);
                continue;
            }

            Prune(member, below, heldBelow ?? new FieldSet(), under);
            // A record that has nothing left was there for what was in it.
            if (heldBelow is null && member is JsonObject { Count: 0 } or JsonArray { Count: 0 }) FieldStep.Remove(value, schema, element);
        }
    }

    static List<ManagedFields> Read(JsonObject? document) =>
        document is null ? [] : [.. (new Metadata(document).ManagedFields ?? []).OfType<JsonObject>().Select(ManagedFields.Read)];

    static void Write(JsonObject document, List<ManagedFields> entries)
    {
        var list = new JsonArray();
        foreach (ManagedFields entry in entries.Where(static entry => !entry.Fields.IsEmpty)) list.Add((JsonNode)entry.ToJson());
        new Metadata(document).ManagedFields = list.Count == 0 ? null : list;
    }

    static StatusException Refuse(List<(ManagedFields Owner, FieldSet Fields)> conflicts)
    {
        var causes = new List<StatusCause>();
        foreach ((ManagedFields owner, FieldSet fields) in conflicts)
            causes.AddRange(fields.Show().Select(place => new StatusCause("FieldManagerConflict", $"conflict with {owner.Show()}", place)));
        string count = causes.Count == 1 ? "1 conflict" : string.Create(CultureInfo.InvariantCulture, $"{causes.Count} conflicts");
        string list = conflicts.Count == 1 && causes.Count == 1
            ? $"conflict with {conflicts[0].Owner.Show()}: {causes[0].Field}"
            : string.Join('\n', conflicts.Select(static conflict => $"conflicts with {conflict.Owner.Show()}:\n- {string.Join("\n- ", conflict.Fields.Show())}"));
        return new(new(409, "Conflict", $"Apply failed with {count}: {list}") { Causes = causes });
    }
}
