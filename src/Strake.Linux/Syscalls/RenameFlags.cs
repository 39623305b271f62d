namespace Strake.Linux;

/// <summary>How renameat2 treats the new name (<c>renameat2(2)</c>).</summary>
[Flags]
public enum RenameFlags
{
    /// <summary>Replace what is there, at once.</summary>
    None = 0,

    /// <summary>RENAME_NOREPLACE: EEXIST where the new name exists.</summary>
    NoReplace = 1,

    /// <summary>RENAME_EXCHANGE: swap the two, at once.</summary>
    Exchange = 2,

    /// <summary>RENAME_WHITEOUT: leave a whiteout at the old name (overlay).</summary>
    Whiteout = 4,
}
