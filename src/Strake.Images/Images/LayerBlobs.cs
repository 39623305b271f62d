using System.Text.Json.Serialization;

namespace Strake.Images;

/// <summary>
/// All forms in which a layer is known elsewhere: a push need not send what the registry has. We keep layers unpacked, so a form that
/// somebody else compressed cannot be made again; it can be asked for.
/// </summary>
/// <remarks>
/// <c>blob/&lt;hex of the DiffID&gt;</c>; there as long as an image has the layer: written and deleted with images' records.
/// </remarks>
sealed record LayerBlobs
{
    // An image may be pushed to any number of places; the latest ones are those that are asked for again.
    const int MostForms = 8;
    const int MostRepositories = 16;

    /// <summary>The forms, the latest first.</summary>
    [JsonPropertyName("Forms")]
    public IReadOnlyList<LayerBlob> Forms { get; init; } = [];

    /// <summary>These forms and one more, which is the latest now. Pure.</summary>
    public LayerBlobs With(LayerBlob blob)
    {
        var former = Forms.FirstOrDefault(f => f.Digest == blob.Digest);
        var repositories = blob.Repositories.Concat(former?.Repositories ?? []).Distinct(StringComparer.Ordinal).Take(MostRepositories);
        return new LayerBlobs
        {
            Forms = [blob with { Repositories = [.. repositories] }, .. Forms.Where(f => f.Digest != blob.Digest).Take(MostForms - 1)],
        };
    }

    /// <summary>These forms, with one of them no longer known to be in a repository. Pure.</summary>
    public LayerBlobs Without(Digest blob, string repository) => new()
    {
        Forms = [.. Forms.Select(f => f.Digest == blob ? f with { Repositories = [.. f.Repositories.Where(r => !string.Equals(r, repository, StringComparison.Ordinal))] } : f)],
    };
}
