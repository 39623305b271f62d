using System.Text.Json;

namespace Strake.Daemon.DockerApi;

/// <summary>Members of a body that nothing reads: harmless while they mean nothing, refused by name else.</summary>
static class UnsupportedMembers
{
    /// <summary>Refuses what is not offered.</summary>
    /// <param name="prefix">The path of the object within the body, with its dot; empty for the body itself.</param>
    /// <param name="members">The members that were not read.</param>
    /// <exception cref="StrakeException">NotSupported: names all of them.</exception>
    public static void Refuse(string prefix, IReadOnlyDictionary<string, JsonElement>? members)
    {
        if (members is null) return;
        string[] refused = [.. members.Where(member => !MeansNothing(member.Value)).Select(member => $"{prefix}{member.Key} is not supported yet")];
        if (refused.Length > 0) throw StrakeException.NotSupported(string.Join("; ", refused));
    }

    // Go's zero values: what clients write for what was not asked for.
    static bool MeansNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False or JsonValueKind.Undefined => true,
        JsonValueKind.Number => value.TryGetInt64(out long number) && number == 0,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.EnumerateObject().All(member => MeansNothing(member.Value)),
        _ => false,
    };
}
