using System.Text.Json.Nodes;
using Strake.Kubernetes.Schemas;

namespace Strake.Kubernetes.Api;

/// <summary>The places at which two documents differ.</summary>
/// <param name="Written">Places that the new one added or changed.</param>
/// <param name="Removed">Places that only the old one fills.</param>
sealed record FieldChanges(FieldSet Written, FieldSet Removed)
{
    /// <summary>Compares two documents of one schema.</summary>
    public static FieldChanges Between(JsonNode? before, JsonNode? after, Schema schema)
    {
        FieldSet old = FieldSet.Of(before, schema);
        FieldSet now = FieldSet.Of(after, schema);
        return new(Differing(before, after, schema, now), old.Except(now));
    }

    // Of the new one's places those whose value is another one, or not in the old one.
    static FieldSet Differing(JsonNode? before, JsonNode? after, Schema schema, FieldSet places)
    {
        if (before is null) return places;
        var differing = new FieldSet();
        if (places.Children.Count == 0)
        {
            if (places.IsMember && !JsonNode.DeepEquals(before, after)) differing.Add();
            return differing;
        }

        foreach ((string element, FieldSet below) in places.Children)
        {
            (JsonNode? mine, Schema? under) = FieldStep.Take(after, schema, element);
            (JsonNode? theirs, _) = FieldStep.Take(before, schema, element);
            differing.Put(element, theirs is null ? below : Differing(theirs, mine, under!, below));
        }

        return differing;
    }
}
