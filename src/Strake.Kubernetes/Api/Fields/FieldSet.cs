using System.Text.Json.Nodes;
using Strake.Kubernetes.Schemas;

namespace Strake.Kubernetes.Api;

/// <summary>A set of places in a document, as a tree; a node without children is a place, one with children is one where it says so.</summary>
/// <remarks>The form of <c>fieldsV1</c>; the laws are those of structured-merge-diff's <c>fieldpath.Set</c>.</remarks>
sealed class FieldSet
{
    readonly SortedDictionary<string, FieldSet> children = new(StringComparer.Ordinal);

    /// <summary>Whether this place itself belongs to the set.</summary>
    public bool IsMember { get; private set; }

    /// <summary>Whether nothing belongs to it.</summary>
    public bool IsEmpty => !IsMember && children.Count == 0;

    /// <summary>The steps from here.</summary>
    public IReadOnlyDictionary<string, FieldSet> Children => children;

    /// <summary>All places that a document fills.</summary>
    public static FieldSet Of(JsonNode? value, Schema schema)
    {
        var set = new FieldSet();
        set.Fill(value, schema);
        return set;
    }

    /// <summary>Reads <c>fieldsV1</c>.</summary>
    public static FieldSet Read(JsonObject? json)
    {
        var set = new FieldSet();
        foreach ((string element, JsonNode? below) in json ?? [])
        {
            if (element == ".")
            {
                set.IsMember = true;
                continue;
            }

            FieldSet child = Read(below as JsonObject);
            if (child.children.Count == 0) child.IsMember = true;
            set.children[element] = child;
        }

        return set;
    }

    /// <summary>Writes <c>fieldsV1</c>.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        if (IsMember && children.Count > 0) json["."] = new JsonObject();
        foreach ((string element, FieldSet child) in children) json[element] = child.ToJson();
        return json;
    }

    /// <summary>What is in either.</summary>
    public FieldSet Union(FieldSet other)
    {
        var union = new FieldSet { IsMember = IsMember || other.IsMember };
        foreach (string element in children.Keys.Union(other.children.Keys))
        {
            children.TryGetValue(element, out FieldSet? mine);
            other.children.TryGetValue(element, out FieldSet? theirs);
            union.children[element] = mine is null ? theirs! : theirs is null ? mine : mine.Union(theirs);
        }

        return union;
    }

    /// <summary>What is in both.</summary>
    public FieldSet Intersect(FieldSet other)
    {
        var both = new FieldSet { IsMember = IsMember && other.IsMember };
        foreach ((string element, FieldSet mine) in children)
            if (other.children.TryGetValue(element, out FieldSet? theirs)) both.Put(element, mine.Intersect(theirs));
        return both;
    }

    /// <summary>What is in this one alone.</summary>
    public FieldSet Except(FieldSet other)
    {
        var rest = new FieldSet { IsMember = IsMember && !other.IsMember };
        foreach ((string element, FieldSet mine) in children)
            rest.Put(element, other.children.TryGetValue(element, out FieldSet? theirs) ? mine.Except(theirs) : mine);
        return rest;
    }

    /// <summary>This one without the places and all below them.</summary>
    public FieldSet Without(FieldSet roots)
    {
        if (roots.IsMember) return new();
        var rest = new FieldSet { IsMember = IsMember };
        foreach ((string element, FieldSet mine) in children)
            rest.Put(element, roots.children.TryGetValue(element, out FieldSet? theirs) ? mine.Without(theirs) : mine);
        return rest;
    }

    /// <summary>Adds a place.</summary>
    public void Add(params ReadOnlySpan<string> path)
    {
        FieldSet at = this;
        foreach (string element in path)
        {
            if (!at.children.TryGetValue(element, out FieldSet? child)) at.children[element] = child = new();
            at = child;
        }

        at.IsMember = true;
    }

    /// <summary>Adds a place and takes over what is below it.</summary>
    public void Put(string element, FieldSet child)
    {
        if (!child.IsEmpty) children[element] = child;
    }

    /// <summary>The places as messages show them: <c>.spec.replicas</c>.</summary>
    public IEnumerable<string> Show(string path = "")
    {
        if (IsMember) yield return path;
        foreach ((string element, FieldSet child) in children)
            foreach (string place in child.Show(path + PathElement.Show(element))) yield return place;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FieldSet other && IsMember == other.IsMember && children.Count == other.children.Count
        && children.All(child => other.children.TryGetValue(child.Key, out FieldSet? theirs) && child.Value.Equals(theirs));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsMember, children.Count);

    void Fill(JsonNode? value, Schema schema)
    {
        bool isGranular = schema.IsGranular && value is JsonObject or JsonArray;
        if (!isGranular || value is JsonObject { Count: 0 } or JsonArray { Count: 0 })
        {
            IsMember = true;
            return;
        }

        if (value is JsonArray list)
        {
            foreach (JsonNode? item in list) FillItem(item, schema);
            return;
        }

        foreach ((string name, JsonNode? member) in (JsonObject)value!)
            if (schema.Under(name) is { } below) children[PathElement.OfField(name)] = Below(member, below, isOwnPlace: schema.Type is SchemaType.Map);
    }

    void FillItem(JsonNode? item, Schema list) =>
        children[PathElement.OfItem(item, list)] = list.Form is ListForm.Keyed ? Below(item, list.Items!, isOwnPlace: true) : new FieldSet { IsMember = true };

    // Items and members of maps are there or not, whatever is in them.
    static FieldSet Below(JsonNode? value, Schema schema, bool isOwnPlace)
    {
        FieldSet set = Of(value, schema);
        if (isOwnPlace) set.IsMember = true;
        return set;
    }
}
