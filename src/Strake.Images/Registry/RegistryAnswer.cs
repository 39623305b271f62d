namespace Strake.Images;

/// <summary>What the head of a registry's answer says.</summary>
static class RegistryAnswer
{
    /// <summary>Where an upload goes on; null when it is not said.</summary>
    /// <exception cref="StrakeException">Unavailable: it leads where nothing may be sent.</exception>
    public static Uri? PlaceOf(HttpResponseMessage response) =>
        response.Headers.Location is { } location ? RegistryAddress.Next(response.RequestMessage!.RequestUri!, location) : null;

    /// <summary>The media type without parameters; null where it is none that names something of its own.</summary>
    public static string? MediaTypeOf(HttpResponseMessage response)
    {
        if (!response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values)) return null;
        var type = values.ToString().Split(';')[0].Trim().ToLowerInvariant();
        return type.Contains('+', StringComparison.Ordinal) && type.Length < 256 ? type : null;
    }

    /// <summary>Compares the digest that a registry says something has.</summary>
    /// <exception cref="StrakeException">DataLoss: it is another one.</exception>
    public static void ThrowUnlessDigestIs(HttpResponseMessage response, Digest digest, string subject)
    {
        if (!response.Headers.NonValidated.TryGetValues("Docker-Content-Digest", out var values)) return;
        // Digests of other algorithms say nothing here.
        if (Digest.TryParse(values.ToString().Trim(), out var said) && said != digest)
            throw StrakeException.DataLoss($"the registry says that the {subject} has the digest {said}, and it has {digest}");
    }
}
