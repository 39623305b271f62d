namespace Strake.Containers.Mounts;

/// <summary>What <c>-v</c> says: <c>[source:]target[:mode]</c>.</summary>
/// <param name="Request">The mount it asks for.</param>
/// <param name="Mode">The mode as written.</param>
sealed record VolumeSpecification(MountRequest Request, string Mode)
{
    /// <summary>Parses one specification. Pure.</summary>
    /// <param name="raw">What the user wrote.</param>
    /// <param name="volumeDriver">The driver of volumes that it makes; empty: the default.</param>
    /// <exception cref="StrakeException">Invalid: in Docker's words.</exception>
    public static VolumeSpecification Parse(string raw, string volumeDriver)
    {
        string[] fields = raw.Split(':', 4);
        (string source, string target, string modeText) = fields switch
        {
            ["", ..] => throw Invalid(raw),
            [var only] => ("", only, ""),
            // A target and a mode: there is no such form, for "x:ro" would be a volume x at ro.
            [_, var mistaken] when mistaken.Length > 0 && MountMode.TryParse(mistaken) is not null => throw Invalid(raw),
            [_, ""] => throw Invalid(raw),
            [var from, var to] => (from, to, ""),
            [var from, var to, var how] => (from, to, how),
            _ => throw Invalid(raw),
        };
        MountMode mode = MountMode.TryParse(modeText) ?? throw StrakeException.Invalid($"invalid mode: {modeText}");
        MountRequest request = RequestOf(source, target, mode, volumeDriver);
        try
        {
            MountRules.Check(request);
        }
        catch (StrakeException e)
        {
            throw StrakeException.Invalid($"{Invalid(raw).Message}: {e.Message}", e);
        }

        return new VolumeSpecification(request, modeText);
    }

    static MountRequest RequestOf(string source, string target, MountMode mode, string volumeDriver)
    {
        bool isBind = source.StartsWith('/');
        return new MountRequest
        {
            Type = isBind ? MountRules.Bind : MountRules.Volume,
            Source = source,
            Target = target,
            ReadOnly = mode.ReadOnly,
            BindOptions = isBind || mode.Propagation.Length > 0
                ? new BindOptions { Propagation = mode.Propagation, CreateMountpoint = true }
                : null,
            VolumeOptions = isBind && !mode.NoCopy
                ? null
                : new VolumeOptions
                {
                    NoCopy = mode.NoCopy,
                    DriverConfig = volumeDriver.Length > 0 ? new VolumeDriverSettings(volumeDriver) : null,
                },
        };
    }

    static StrakeException Invalid(string raw) => StrakeException.Invalid($"invalid volume specification: '{raw}'");
}
