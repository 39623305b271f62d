namespace Strake.Linux;

/// <summary>What setting an extended attribute requires (<c>setxattr(2)</c>).</summary>
public enum XattrFlags
{
    /// <summary>Make or replace.</summary>
    None = 0,

    /// <summary>XATTR_CREATE: EEXIST where it is there.</summary>
    Create = 1,

    /// <summary>XATTR_REPLACE: ENODATA where it is not.</summary>
    Replace = 2,
}
